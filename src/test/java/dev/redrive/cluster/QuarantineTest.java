package dev.redrive.cluster;

import static dev.redrive.cluster.WatchDesk.PATIENCE;
import static dev.redrive.testkit.Eventually.until;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.convention.Conventions;
import dev.redrive.dev.shop.Connection;
import dev.redrive.dev.shop.Courier;
import dev.redrive.letter.Arrival;
import dev.redrive.letter.Content;
import dev.redrive.letter.Header;
import dev.redrive.letter.Position;
import dev.redrive.letter.Reading;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A consumer that tries one record for ever, on a real broker; a window of the watch is one second long. */
class QuarantineTest {

    private final Set<String> delivered = ConcurrentHashMap.newKeySet();
    private WatchDesk desk;
    private String letters;

    @BeforeEach
    void open() throws Exception {
        desk = new WatchDesk();
        letters = desk.topic + "-dlt";
        desk.broker.topics().createTopic(letters, 1);
        // No letter ever came from there: only the name of the dead-letter topic tells that it is an origin.
        desk.sql("DELETE FROM letter_kind");
        desk.sql("UPDATE dead_letter_topic SET name = '" + letters + "'");
        desk.produce("{\"id\":\"parcel-1\",\"address\":\"here\"}");
        desk.produce("{\"id\":\"parcel-2\"}");
        desk.produce("{\"id\":\"parcel-3\",\"address\":\"there\"}");
    }

    @AfterEach
    void close() throws Exception {
        desk.close();
    }

    private Courier courier() {
        return new Courier(
                new Connection(desk.broker.bootstrapServers()),
                desk.group,
                desk.topic,
                (consumer, id) -> delivered.add(id),
                Duration.ofHours(1),
                Duration.ZERO);
    }

    private HttpResponse<Buffer> ask(boolean dryRun, long offset, String key) throws Exception {
        var body = new JsonObject()
                .put("topic", desk.topic)
                .put("partition", 0)
                .put("offset", Long.toString(offset))
                .put("reason", "INC-7: no address")
                .put("dryRun", dryRun);
        return desk.api.post("/api/v1/consumer-groups/" + desk.group + "/quarantines", body, "Idempotency-Key", key);
    }

    private static String key() {
        return UUID.randomUUID().toString();
    }

    @Test
    void aRecordThatIsTriedForEverIsNamedAndTakenOutOfTheWayOnce() throws Exception {
        desk.deploy();
        try (var courier = courier()) {
            assertThat(courier).isNotNull();
            desk.awaitState("stall");
            var record = desk.api
                    .json("/api/v1/consumer-groups/" + desk.group)
                    .getJsonArray("partitions")
                    .getJsonObject(0)
                    .getJsonObject("blockingRecord");
            assertThat(record.getString("offset")).isEqualTo("1");
            assertThat(record.getJsonObject("key").getString("data")).isEqualTo("key");

            var plan = ask(true, 1, "").bodyAsJsonObject();
            assertThat(plan.getString("state")).isEqualTo("obstructed");
            assertThat(plan.getString("deadLetterTopic")).isEqualTo(letters);
            assertThat(plan.getJsonArray("obstacles").getJsonObject(0).getString("code"))
                    .isEqualTo("group-is-running");
            var refused = ask(false, 1, key());
            assertThat(refused.statusCode()).isEqualTo(409);
            assertThat(refused.bodyAsJsonObject().getString("code")).isEqualTo("group-is-running");
            assertThat(refused.bodyAsJsonObject().getString("detail")).endsWith("Nothing was changed.");
        }
        assertThat(desk.broker.topics().read(letters)).isEmpty();
        until(
                PATIENCE,
                () -> "possible".equals(ask(true, 1, "").bodyAsJsonObject().getString("state")));
        var key = key();
        var done = ask(false, 1, key);
        assertThat(done.statusCode()).as(done.bodyAsString()).isEqualTo(200);
        assertThat(done.bodyAsJsonObject().getString("state")).isEqualTo("done");
        // Asked again, by the same key and by another one: nothing more happens.
        assertThat(ask(false, 1, key).bodyAsJsonObject().getString("state")).isEqualTo("done");
        assertThat(ask(false, 1, key()).bodyAsJsonObject().getString("state")).isEqualTo("done");
        assertThat(desk.broker.topics().read(letters)).singleElement().satisfies(this::assertIsTheLetter);
        try (var again = courier()) {
            assertThat(again).isNotNull();
            until(PATIENCE, "what lay behind it", () -> delivered.contains("parcel-3"));
        }
        assertThat(delivered).containsExactlyInAnyOrder("parcel-1", "parcel-3");
        assertThat(desk.count("SELECT count(*) FROM audit_event WHERE action = 'record-quarantined'"))
                .isEqualTo(1);
    }

    private void assertIsTheLetter(ConsumerRecord<byte[], byte[]> letter) {
        assertThat(new String(letter.key(), UTF_8)).isEqualTo("key");
        assertThat(new String(letter.value(), UTF_8)).isEqualTo("{\"id\":\"parcel-2\"}");
        var reading = read(letter);
        assertThat(reading.convention()).isEqualTo("redrive-quarantine");
        assertThat(reading.origin().topic()).isEqualTo(desk.topic);
        assertThat(reading.origin().offset()).isEqualTo(1);
        assertThat(reading.origin().consumerGroup()).isEqualTo(desk.group);
        assertThat(reading.failure().message()).isEqualTo("INC-7: no address");
        assertThat(reading.replayDrops()).hasSize(7);
    }

    private static Reading read(ConsumerRecord<byte[], byte[]> record) {
        var headers = new ArrayList<Header>();
        record.headers().forEach(header -> headers.add(new Header(header.key(), Buffer.buffer(header.value()))));
        return Conventions.standard()
                .read(new Arrival(
                        new Position("cluster", record.topic(), new UUID(0, 1), 0, record.offset(), 0),
                        record.timestamp(),
                        Arrival.TimestampType.CREATE_TIME,
                        new Content(Buffer.buffer(record.key()), Buffer.buffer(record.value()), headers)));
    }

    @Test
    void whoGoesOnAfterACrashBetweenCopyAndMoveCopiesNothingTwice() throws Exception {
        try (var member = desk.member(1)) {
            assertThat(member).isNotNull();
        }
        assertThat(ask(false, 1, key()).statusCode()).isEqualTo(200);
        // As it is when a process dies after Kafka took the copy and before Postgres heard of it.
        desk.sql("UPDATE quarantine SET dead_letter_offset = NULL, moved_at = NULL");
        try (var member = desk.member(1)) {
            assertThat(member).isNotNull();
            assertThat(ask(false, 1, key()).statusCode()).isEqualTo(409);
        }
        var done = ask(false, 1, key());
        assertThat(done.bodyAsJsonObject().getString("state"))
                .as(done.bodyAsString())
                .isEqualTo("done");
        assertThat(done.bodyAsJsonObject().getString("deadLetterOffset")).isEqualTo("0");
        assertThat(desk.broker.topics().read(letters)).hasSize(1);
        assertThat(ask(true, 2, "").bodyAsJsonObject().getString("state")).isEqualTo("possible");
    }

    @Test
    void whatIsNotInTheWayIsLeftWhereItIs() throws Exception {
        try (var member = desk.member(1)) {
            assertThat(member).isNotNull();
        }
        for (long offset : new long[] {0, 2, 17}) {
            var refused = ask(false, offset, key());
            assertThat(refused.statusCode()).isEqualTo(409);
            assertThat(refused.bodyAsJsonObject().getString("code")).isEqualTo("conflict-state");
        }
        assertThat(desk.count("SELECT count(*) FROM quarantine")).isZero();
        assertThat(ask(false, 1, "").bodyAsJsonObject().getString("code")).isEqualTo("idempotency-key-missing");
    }
}
