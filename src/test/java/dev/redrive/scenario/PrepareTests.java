package dev.redrive.scenario;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.redrive.testkit.Broker;
import dev.redrive.testkit.BrokerTopics;
import dev.redrive.testkit.ChildJvm;
import dev.redrive.testkit.Eventually;
import dev.redrive.testkit.Postgres;
import dev.redrive.testkit.Preparation;
import dev.redrive.testkit.RedriveProcess;
import dev.redrive.transform.JqMain;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Runs before the tests of a build, see {@link Preparation}: lets a broker, the product and the process of its transforms
 * work for some seconds, each as cold as it is, so that all that start later find the classes that such work takes.
 */
public final class PrepareTests {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String ORDERS = "orders";

    private PrepareTests() {}

    public static void main(String[] arguments) throws Exception {
        if (Preparation.isMade()) {
            return;
        }
        Preparation.makePostgres();
        try (var jq = startJq();
                var broker = Broker.own();
                var consumer = failing(broker);
                var redrive = RedriveProcess.on(Postgres.shared().freshDatabase(), broker.bootstrapServers())
                        .with("REDRIVE_DISCOVERY_INTERVAL", "PT1S")
                        .with("REDRIVE_OUTCOME_WINDOW", "PT1S")
                        .start()) {
            work(new Desk(redrive));
            Eventually.until(
                    PATIENCE, "the process of transforms", () -> !jq.output().isEmpty());
        }
        Preparation.makeArchive();
        // The threads of clients and of a server that nobody closes.
        System.exit(0);
    }

    private static ChildJvm startJq() {
        return ChildJvm.start(new ChildJvm.Program(
                JqMain.class.getName(),
                List.of(),
                ChildJvm.ownClassPath(),
                List.of(),
                Map.of(),
                Path.of("target", "testkit", "jq-" + ProcessHandle.current().pid() + ".log")));
    }

    private static OrderConsumer failing(Broker broker) {
        broker.topics().createTopic(ORDERS, 1);
        broker.topics().createTopic(ORDERS + "-dlt", 1);
        for (var amount : List.of("\"twelve\"", "\"none\"")) {
            broker.topics()
                    .produce(
                            ORDERS,
                            "customer".getBytes(UTF_8),
                            ("{\"amount\":" + amount + "}").getBytes(UTF_8),
                            BrokerTopics.header("tenant", "acme".getBytes(UTF_8)));
        }
        return new OrderConsumer(broker.bootstrapServers(), ORDERS);
    }

    /** One letter is edited and sent, and all by a job with a transform. */
    private static void work(Desk desk) throws Exception {
        var letter = desk.letters(2, "is:open").get(0).getString("id");
        desk.get("/overview");
        var mended = new JsonObject().put("encoding", "utf8").put("data", "{\"amount\":12}");
        desk.draft(letter, new JsonObject().put("value", mended));
        desk.get("/dead-letters/" + letter + "/draft/diff");
        desk.post("/dead-letters/" + letter + "/checks", new JsonObject().put("source", "draft"), 200);
        var wish = new JsonObject().put("source", "draft").put("reason", "a try");
        var replay = desk.post("/dead-letters/" + letter + "/replays", wish, 202);
        desk.outcome(replay.getString("id"), "recovered");
        desk.replayAll(
                1, "is:open", new JsonObject().put("transform", new JsonObject().put("program", ".amount = 12")));
    }
}
