package dev.redrive.scenario;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.testkit.Broker;
import dev.redrive.testkit.BrokerTopics;
import dev.redrive.testkit.Eventually;
import dev.redrive.testkit.Postgres;
import dev.redrive.testkit.RedriveProcess;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The main job, end to end, as a runbook does it: a real consumer fails, a person edits, the consumer takes it. */
class WhenAPoisonMessageIsRepairedTest {

    private static final String PREFIX = "orders." + UUID.randomUUID() + ".";

    private static Broker broker;
    private static RedriveProcess redrive;
    private static Desk desk;

    private final String orders = PREFIX + UUID.randomUUID();
    private OrderConsumer consumer;

    @BeforeAll
    static void openTheDesk() {
        broker = Broker.shared();
        redrive = RedriveProcess.on(Postgres.shared().freshDatabase(), broker.bootstrapServers())
                .with("REDRIVE_KAFKA_GROUP_ID", "redrive-" + PREFIX)
                .with("REDRIVE_TOPICS_EXCLUDE", "(?!\\Q" + PREFIX + "\\E).*")
                .with("REDRIVE_DISCOVERY_INTERVAL", "PT1S")
                .with("REDRIVE_OUTCOME_WINDOW", "PT2S")
                .start();
        desk = new Desk(redrive);
    }

    @AfterAll
    static void closeTheDesk() {
        redrive.close();
    }

    @BeforeEach
    void openTheShop() {
        broker.topics().createTopic(orders, 2);
        broker.topics().createTopic(orders + "-dlt", 2);
        consumer = new OrderConsumer(broker.bootstrapServers(), orders);
    }

    @AfterEach
    void closeTheShop() throws Exception {
        consumer.close();
    }

    @Test
    void theEditedRecordIsTakenByTheGroupThatRefusedItAndCountsAsRecovered() throws Exception {
        order("cust-4711", "{\"id\":7,\"amount\":\"12,50\"}");
        var id = desk.letters(1, "is:open origin:" + orders).get(0).getString("id");

        desk.draft(
                id,
                new JsonObject()
                        .put(
                                "value",
                                new JsonObject().put("encoding", "utf8").put("data", "{\"id\":7,\"amount\":12.50}"))
                        .put("note", "amount as a number"));
        var diff = desk.get("/dead-letters/" + id + "/draft/diff");
        assertThat(diff.getJsonObject("value").getString("change")).isEqualTo("changed");
        assertThat(desk.get("/dead-letters/" + id + "/draft/transform").getString("program"))
                .isEqualTo(".amount = (\"12.50\" | tonumber)");
        var check = desk.post("/dead-letters/" + id + "/checks", new JsonObject().put("source", "draft"), 200);
        assertThat(check.getBoolean("ok")).as(check.encode()).isTrue();
        assertThat(check.getJsonObject("blastRadius").getJsonArray("groups")).contains("orders-svc");

        var replay = desk.post(
                "/dead-letters/" + id + "/replays",
                new JsonObject().put("source", "draft").put("reason", "INC-4711"),
                202);
        var recovered = desk.outcome(replay.getString("id"), "recovered");

        assertThat(recovered.getJsonObject("target").getString("topic")).isEqualTo(orders);
        assertThat(desk.letter(id).getString("status")).isEqualTo("recovered");
        var sent = broker.topics().read(orders).stream()
                .filter(record -> record.headers().lastHeader("redrive-replay-id") != null)
                .toList();
        assertThat(sent).singleElement().satisfies(record -> {
            assertThat(new String(record.value(), UTF_8)).isEqualTo("{\"id\":7,\"amount\":12.50}");
            assertThat(new String(record.key(), UTF_8)).isEqualTo("cust-4711");
            assertThat(record.headers().headers("kafka_dlt-original-topic")).isEmpty();
            assertThat(record.headers().lastHeader("x-tenant").value()).isEqualTo("acme".getBytes(UTF_8));
        });
    }

    @Test
    void aRecordThatFailsAgainComesBackAsALetterLinkedToTheFirst() throws Exception {
        order("cust-0815", "{\"id\":8,\"amount\":\"none\"}");
        var id = desk.letters(1, "is:open origin:" + orders).get(0).getString("id");

        var key = UUID.randomUUID().toString();
        var wish = new JsonObject().put("source", "original").put("reason", "just try");
        var replay = desk.post("/dead-letters/" + id + "/replays", wish, 202, key);
        var doubleClick = desk.post("/dead-letters/" + id + "/replays", wish, 202, key);
        assertThat(doubleClick.getString("id")).isEqualTo(replay.getString("id"));

        var returned = desk.outcome(replay.getString("id"), "returned");
        var second = desk.letter(returned.getString("returnedAs"));
        assertThat(second.getString("status")).isEqualTo("open");
        assertThat(second.getJsonObject("lineage"))
                .isEqualTo(new JsonObject()
                        .put("parentId", id)
                        .put("replayId", replay.getString("id"))
                        .put("returns", 1));
        assertThat(second.getString("failureGroupId")).isEqualTo(desk.letter(id).getString("failureGroupId"));
        assertThat(desk.letter(id).getString("status")).isEqualTo("returned");
        Eventually.untilAsserted(
                Duration.ofSeconds(60),
                () -> assertThat(broker.topics().read(orders)).hasSize(2));
    }

    @Test
    void aDiscardedLetterLeavesTheBoardAndARestoreBringsItBack() throws Exception {
        order("cust-1", "{\"amount\":\"x\"}");
        var id = desk.letters(1, "is:open origin:" + orders).get(0).getString("id");

        desk.post("/dead-letters/" + id + "/discards", new JsonObject().put("reason", "a test order"), 200);
        desk.letters(0, "is:open origin:" + orders);
        desk.post("/dead-letters/" + id + "/discards", new JsonObject(), 409);
        desk.post("/dead-letters/" + id + "/restores", new JsonObject(), 200);

        desk.letters(1, "is:open origin:" + orders);
        assertThat(desk.items("/dead-letters/" + id + "/history"))
                .extracting(event -> event.getString("action"))
                .contains("discarded", "restored");
    }

    private void order(String customer, String json) {
        broker.topics()
                .produce(
                        orders,
                        customer.getBytes(UTF_8),
                        json.getBytes(UTF_8),
                        BrokerTopics.header("x-tenant", "acme".getBytes(UTF_8)));
    }
}
