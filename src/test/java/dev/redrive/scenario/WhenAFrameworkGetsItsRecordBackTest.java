package dev.redrive.scenario;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.dev.shop.Bank;
import dev.redrive.dev.shop.Connection;
import dev.redrive.dev.shop.LoyaltyProcess;
import dev.redrive.dev.shop.OrderDesk;
import dev.redrive.dev.shop.StockKeeper;
import dev.redrive.dev.shop.Till;
import dev.redrive.testkit.Broker;
import dev.redrive.testkit.Eventually;
import dev.redrive.testkit.Postgres;
import dev.redrive.testkit.RedriveProcess;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A replayed record is a new one to the framework that refused it: it fails in the same way as the first time, with one
 * block of headers, and succeeds once the fault is gone.
 */
class WhenAFrameworkGetsItsRecordBackTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final String PREFIX = "back." + UUID.randomUUID() + ".";

    private static Broker broker;
    private static RedriveProcess redrive;
    private static Desk desk;

    private final Connection kafka = new Connection(Broker.shared().bootstrapServers());
    private final String topic = PREFIX + UUID.randomUUID();
    private final Set<String> done = ConcurrentHashMap.newKeySet();

    @TempDir
    Path directory;

    @BeforeAll
    static void openTheDesk() {
        broker = Broker.shared();
        redrive = RedriveProcess.on(Postgres.shared().freshDatabase(), broker.bootstrapServers())
                .with("REDRIVE_KAFKA_GROUP_ID", "redrive-" + PREFIX)
                .with("REDRIVE_TOPICS_EXCLUDE", "(?!\\Q" + PREFIX + "\\E|dead-letter-topic-).*")
                .with("REDRIVE_DISCOVERY_INTERVAL", "PT1S")
                // Longer than the retry topics take, or the first of them would count as recovered.
                .with("REDRIVE_OUTCOME_WINDOW", "PT8S")
                .start();
        desk = new Desk(redrive);
    }

    @AfterAll
    static void closeTheDesk() {
        redrive.close();
    }

    @BeforeEach
    void openTheTopic() {
        broker.topics().createTopic(topic, 1);
    }

    @Test
    void springsRetryTopicsRetryItAgainInsteadOfSendingItStraightToTheDlt() throws Exception {
        var open = new AtomicBoolean();
        var bank = new Bank(open::get);
        try (var till = new Till(kafka, topic, bank, this::note)) {
            assertThat(till).isNotNull();
            send("{\"id\":\"payment-1\"}");
            var first = onlyLetter();
            assertThat(bank.attempts("payment-1")).isEqualTo(Till.ATTEMPTS);

            var second = returned(first);
            assertThat(bank.attempts("payment-1")).isEqualTo(2 * Till.ATTEMPTS);
            assertThat(desk.letter(second).getJsonObject("failure").getInteger("attempts"))
                    .isEqualTo(Till.ATTEMPTS);

            open.set(true);
            assertRecovers(second, new JsonObject().put("source", "original"));
            assertThat(done).contains("payment-1");
        }
    }

    @Test
    void springsRetryTopicIsOfferedAndTakesItAsAFirstAttemptOfTheGroupThatFailedAlone() throws Exception {
        var open = new AtomicBoolean();
        var bank = new Bank(open::get);
        try (var till = new Till(kafka, topic, bank, this::note)) {
            assertThat(till).isNotNull();
            send("{\"id\":\"payment-1\"}");
            var first = onlyLetter();
            var retry = topic + "-retry-1000";
            var check = desk.post("/dead-letters/" + first + "/checks", to(retry), 200);
            var offers = check.getJsonArray("retryTopics").stream()
                    .map(JsonObject.class::cast)
                    .toList();
            assertThat(offers)
                    .extracting(offer -> offer.getString("topic") + " " + offer.getBoolean("offered"))
                    .containsExactly(retry + " true", topic + "-retry-2000 true");
            assertThat(check.getJsonObject("blastRadius").getJsonArray("groups"))
                    .containsExactlyElementsOf(offers.get(0).getJsonArray("groups"))
                    .hasSize(1);
            assertThat(offers.get(0).getString("why")).startsWith("Only till, which failed, reads it");

            var replay = desk.post("/dead-letters/" + first + "/replays", to(retry), 202);
            var second = desk.outcome(replay.getString("id"), "returned").getString("returnedAs");
            assertThat(bank.attempts("payment-1"))
                    .as("there, and in the retry topic behind it")
                    .isEqualTo(Till.ATTEMPTS + 2);
            assertThat(desk.letter(second).getJsonObject("origin").getString("topic"))
                    .isEqualTo(topic);
            assertThat(broker.topics().read(topic)).hasSize(1);

            open.set(true);
            assertRecovers(second, to(retry));
            assertThat(done).contains("payment-1");
        }
    }

    private static JsonObject to(String topic) {
        return new JsonObject().put("source", "original").put("target", new JsonObject().put("topic", topic));
    }

    @Test
    void springWithoutRetryTopicsTakesItAndTheEditHealsIt() throws Exception {
        broker.topics().createTopic(topic + "-dlt", 1);
        try (var orders = new OrderDesk(kafka, topic, this::note)) {
            assertThat(orders).isNotNull();
            send("{\"id\":\"order-1\",\"amount\":\"12,50\"}");
            var second = returned(onlyLetter());
            assertOneBlock(topic + "-dlt", "kafka_dlt-original-topic");
            edit(second, "{\"id\":\"order-1\",\"amount\":12.50}");
            assertRecovers(second, new JsonObject().put("source", "draft"));
            assertThat(done).contains("order-1");
        }
    }

    @Test
    void streamsTakesItAndBooksItOnceTheItemIsKnown() throws Exception {
        broker.topics().createTopic(topic + "-dlq", 1);
        var known = new AtomicBoolean();
        try (var keeper = new StockKeeper(kafka, topic, item -> known.get(), this::note, directory)) {
            assertThat(keeper).isNotNull();
            send("{\"id\":\"movement-1\",\"item\":\"hook\"}");
            var second = returned(onlyLetter());
            assertOneBlock(topic + "-dlq", "__streams.errors.topic");
            known.set(true);
            assertRecovers(second, new JsonObject().put("source", "original"));
            assertThat(done).contains("movement-1");
        }
    }

    @Test
    void smallRyeTakesItAndTheEditHealsIt() throws Exception {
        var letters = LoyaltyProcess.deadLetterTopic();
        broker.topics().createTopic(letters, 1);
        try (var loyalty = new LoyaltyProcess(kafka, topic, directory.resolve("loyalty.log"))) {
            send("{\"id\":\"points-1\",\"points\":\"many\"}");
            var second = returned(onlyLetter());
            assertOneBlock(letters, "dead-letter-topic");
            edit(second, "{\"id\":\"points-1\",\"points\":7}");
            assertRecovers(second, new JsonObject().put("source", "draft"));
            assertThat(loyalty.isDone("points-1")).isTrue();
        } finally {
            broker.topics().deleteTopic(letters);
        }
    }

    private void send(String value) {
        broker.topics().produce(topic, "cust-4711".getBytes(UTF_8), value.getBytes(UTF_8));
    }

    private void note(String consumer, String id) {
        done.add(id);
    }

    private String onlyLetter() {
        return desk.letters(1, "is:open origin:" + topic).get(0).getString("id");
    }

    /** Replays the letter as it is and waits for the one it comes back as. */
    private String returned(String letter) throws Exception {
        var replay = desk.post("/dead-letters/" + letter + "/replays", new JsonObject().put("source", "original"), 202);
        return desk.outcome(replay.getString("id"), "returned").getString("returnedAs");
    }

    private void edit(String letter, String json) throws Exception {
        var value = new JsonObject().put("encoding", "utf8").put("data", json);
        desk.draft(letter, new JsonObject().put("value", value));
    }

    private void assertRecovers(String letter, JsonObject wish) throws Exception {
        var replay = desk.post("/dead-letters/" + letter + "/replays", wish, 202);
        desk.outcome(replay.getString("id"), "recovered");
        assertThat(desk.letter(letter).getString("status")).isEqualTo("recovered");
    }

    /** The framework saw none of its own headers on the replayed record: it wrote them once each time. */
    private static void assertOneBlock(String topic, String header) {
        Eventually.untilAsserted(
                PATIENCE,
                () -> assertThat(broker.topics().read(topic))
                        .hasSize(2)
                        .allSatisfy(record ->
                                assertThat(record.headers().headers(header)).hasSize(1)));
    }
}
