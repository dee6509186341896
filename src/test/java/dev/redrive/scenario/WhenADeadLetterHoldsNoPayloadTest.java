package dev.redrive.scenario;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.testkit.Broker;
import dev.redrive.testkit.BrokerTopics;
import dev.redrive.testkit.Postgres;
import dev.redrive.testkit.RedriveProcess;
import io.vertx.core.json.JsonObject;
import java.util.UUID;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A share group (KIP-1191) writes coordinates and no bytes: null key and value, which are no tombstone. */
class WhenADeadLetterHoldsNoPayloadTest {

    private static final String PREFIX = "shared." + UUID.randomUUID() + ".";

    private static Broker broker;
    private static RedriveProcess redrive;
    private static Desk desk;

    private final String orders = PREFIX + UUID.randomUUID();

    @BeforeAll
    static void start() {
        broker = Broker.shared();
        redrive = RedriveProcess.on(Postgres.shared().freshDatabase(), broker.bootstrapServers())
                .with("REDRIVE_KAFKA_GROUP_ID", "redrive-" + PREFIX)
                .with("REDRIVE_TOPICS_EXCLUDE", "(?!\\Qdlq." + PREFIX + "\\E).*")
                .with("REDRIVE_DISCOVERY_INTERVAL", "PT1S")
                .start();
        desk = new Desk(redrive);
    }

    @AfterAll
    static void stop() {
        redrive.close();
    }

    @BeforeEach
    void createTopics() {
        broker.topics().createTopic(orders, 1);
        broker.topics().createTopic("dlq." + orders, 1);
    }

    @Test
    void theRecordIsFetchedFromItsSourceAndSentAndNeverATombstone() throws Exception {
        // The source lay in the dead-letter topic of another share group, which copies records.
        var ofTheSource = new Header[] {header("x-tenant", "acme"), header("__dlq.errors.group", "first-group")};
        broker.topics().produce(orders, utf8("first"), utf8("not this one"));
        broker.topics().produce(orders, utf8("cust-1"), utf8("{\"id\":1}"), ofTheSource);
        deadLetterOf(1);

        var letter = desk.letters(1, "is:open origin:" + orders).get(0);
        var id = letter.getString("id");
        assertThat(letter.getString("payload")).isEqualTo("absent");
        assertThat(letter.getBoolean("replayable")).isFalse();
        var refused = desk.post("/dead-letters/" + id + "/replays", new JsonObject().put("source", "original"), 409);
        assertThat(refused.getString("detail")).contains("fetch");

        var source = desk.post("/dead-letters/" + id + "/fetches", new JsonObject(), 200);
        assertThat(source.getJsonObject("value").getString("data")).isEqualTo("{\"id\":1}");
        var replay =
                desk.post("/dead-letters/" + id + "/replays", new JsonObject().put("source", "origin-record"), 202);
        desk.outcome(replay.getString("id"), "sent");

        var records = broker.topics().read(orders);
        assertThat(records)
                .hasSize(3)
                .allSatisfy(record -> assertThat(record.value()).isNotNull());
        assertThat(new String(records.get(2).value(), UTF_8)).isEqualTo("{\"id\":1}");
        assertThat(new String(records.get(2).key(), UTF_8)).isEqualTo("cust-1");
        assertThat(records.get(2).headers().toArray()).startsWith(ofTheSource);
    }

    @Test
    void aSourceThatKafkaNoLongerHoldsIsSaidToBeGoneAndNothingIsSent() throws Exception {
        broker.topics().produce(orders, utf8("k"), utf8("v"));
        deadLetterOf(7);
        var id = desk.letters(1, "is:open origin:" + orders).get(0).getString("id");
        assertThat(desk.post("/dead-letters/" + id + "/fetches", new JsonObject(), 410)
                        .getString("code"))
                .isEqualTo("gone");
        assertThat(broker.topics().read(orders)).hasSize(1);
    }

    private void deadLetterOf(long offset) {
        broker.topics()
                .produce(
                        "dlq." + orders,
                        null,
                        null,
                        header("__dlq.errors.topic", orders),
                        header("__dlq.errors.partition", "0"),
                        header("__dlq.errors.offset", Long.toString(offset)),
                        header("__dlq.errors.group", "share-group"),
                        header("__dlq.errors.message", "Offset rejected by client."));
    }

    private static Header header(String name, String value) {
        return BrokerTopics.header(name, utf8(value));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(UTF_8);
    }
}
