package dev.redrive.cluster;

import static dev.redrive.cluster.WatchDesk.PATIENCE;
import static dev.redrive.testkit.Eventually.until;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownMemberIdException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
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
        forgetTheCopy();
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

    private void stands(long committed) {
        desk.member(committed).close();
    }

    /** As it is when a process dies after Kafka took the copy and before Postgres heard of it. */
    private void forgetTheCopy() throws Exception {
        desk.sql("UPDATE quarantine SET dead_letter_offset = NULL, moved_at = NULL");
    }

    @Test
    void aCopyThatNobodyNotedIsFoundAlsoWhereTheGroupWentOnByItself() throws Exception {
        stands(1);
        assertThat(ask(false, 1, key()).statusCode()).isEqualTo(200);
        forgetTheCopy();
        var done = ask(false, 1, key());
        assertThat(done.statusCode()).as(done.bodyAsString()).isEqualTo(200);
        assertThat(done.bodyAsJsonObject().getString("deadLetterOffset")).isEqualTo("0");
        assertThat(done.bodyAsJsonObject().getString("state")).isEqualTo("done");
        assertThat(desk.broker.topics().read(letters)).hasSize(1);
    }

    @Test
    void aCopyThatNobodyNotedIsToldOfWhereTheRecordIsGone() throws Exception {
        stands(1);
        assertThat(ask(false, 1, key()).statusCode()).isEqualTo(200);
        forgetTheCopy();
        stands(1);
        var before = Map.of(new TopicPartition(desk.topic, 0), RecordsToDelete.beforeOffset(2));
        desk.broker.admin().deleteRecords(before).all().get(10, TimeUnit.SECONDS);
        var refused = ask(false, 1, key());
        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(refused.bodyAsJsonObject().getString("detail"))
                .endsWith("The copy is in " + letters + ", partition 0, offset 0, and is not made again.");
    }

    @Test
    void whoMovesAGroupAgainIsWrittenDownAgain() throws Exception {
        stands(1);
        assertThat(ask(false, 1, key()).statusCode()).isEqualTo(200);
        stands(1);
        var again = ask(false, 1, key());
        assertThat(again.bodyAsJsonObject().getString("state"))
                .as(again.bodyAsString())
                .isEqualTo("done");
        assertThat(desk.broker.topics().read(letters)).hasSize(1);
        assertThat(desk.count("SELECT count(*) FROM audit_event WHERE action = 'record-quarantined'"))
                .isEqualTo(2);
    }

    @Test
    void aTransactionOfSomebodyElseHidesNoCopyFromWhoGoesOn() throws Exception {
        stands(1);
        try (var other = producer()) {
            other.beginTransaction();
            other.send(new ProducerRecord<>(letters, 0, null, new byte[] {1})).get(10, TimeUnit.SECONDS);
            assertThat(ask(false, 1, key()).statusCode()).isEqualTo(200);
            forgetTheCopy();
            stands(1);
            var refused = ask(false, 1, key());
            assertThat(refused.statusCode()).as(refused.bodyAsString()).isEqualTo(409);
            assertThat(refused.bodyAsJsonObject().getString("detail")).contains("transaction");
            other.abortTransaction();
        }
        until(PATIENCE, () -> ask(false, 1, key()).statusCode() == 200);
        assertThat(desk.broker.topics().read(letters))
                .filteredOn(record -> record.headers().lastHeader("redrive-quarantine") != null)
                .hasSize(1);
    }

    private KafkaProducer<byte[], byte[]> producer() {
        var producer = new KafkaProducer<>(
                Map.<String, Object>of(
                        "bootstrap.servers", desk.broker.bootstrapServers(), "transactional.id", "other-" + desk.group),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        producer.initTransactions();
        return producer;
    }

    @Test
    void aTombstoneBetweenTheMarkersOfTransactionsIsTakenOutOfTheWay() throws Exception {
        try (var other = producer()) {
            for (boolean committed : new boolean[] {false, true, true}) {
                other.beginTransaction();
                other.send(new ProducerRecord<>(desk.topic, 0, "key".getBytes(UTF_8), null));
                other.flush();
                if (committed) {
                    other.commitTransaction();
                } else {
                    other.abortTransaction();
                }
            }
        }
        // 3 was aborted, 4 is its marker; 5 and 7 are committed, with a marker behind each.
        stands(4);
        assertThat(ask(true, 4, "").bodyAsJsonObject().getString("state")).isEqualTo("obstructed");
        var done = ask(false, 5, key());
        assertThat(done.statusCode()).as(done.bodyAsString()).isEqualTo(200);
        assertThat(done.bodyAsJsonObject().getString("committed")).isEqualTo("4");
        assertThat(desk.broker.topics().read(letters)).singleElement().satisfies(letter -> {
            assertThat(letter.value()).isNull();
            assertThat(new String(
                            letter.headers().lastHeader("redrive-origin-offset").value(), UTF_8))
                    .isEqualTo("5");
        });
        assertThat(ask(true, 7, "").bodyAsJsonObject().getString("committed")).isEqualTo("6");
        assertThat(ask(true, 7, "").bodyAsJsonObject().getString("state")).isEqualTo("possible");
    }

    @Test
    void aGroupOfTheNewProtocolIsMovedOnlyWhileItIsStopped() throws Exception {
        try (var member = desk.member(1, "consumer")) {
            assertThat(member).isNotNull();
            assertThat(ask(false, 1, key()).bodyAsJsonObject().getString("code"))
                    .isEqualTo("group-is-running");
            var place = new GroupPlace(desk.broker.admin(), desk.group, new TopicPartition(desk.topic, 0));
            assertThatThrownBy(() -> place.move(2).await(10, TimeUnit.SECONDS))
                    .isInstanceOf(UnknownMemberIdException.class);
        }
        until(
                PATIENCE,
                () -> "possible".equals(ask(true, 1, "").bodyAsJsonObject().getString("state")));
        assertThat(ask(false, 1, key()).bodyAsJsonObject().getString("state")).isEqualTo("done");
    }

    @Test
    void twoWhoAskAtOnceMakeOneCopy() throws Exception {
        stands(1);
        var both = List.of(
                CompletableFuture.supplyAsync(() -> status(key())), CompletableFuture.supplyAsync(() -> status(key())));
        assertThat(both)
                .allSatisfy(one -> assertThat(one.get(60, TimeUnit.SECONDS)).isIn(200, 409));
        assertThat(ask(false, 1, key()).bodyAsJsonObject().getString("state")).isEqualTo("done");
        assertThat(desk.broker.topics().read(letters)).hasSize(1);
    }

    private int status(String key) {
        try {
            return ask(false, 1, key).statusCode();
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }
}
