package dev.redrive.cluster;

import static dev.redrive.cluster.WatchDesk.PATIENCE;
import static dev.redrive.testkit.Eventually.until;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
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
import java.time.Duration;
import java.util.ArrayList;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownMemberIdException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A consumer that tries one record for ever, on a real broker; a window of the watch is one second long. */
class QuarantineTest {

    private static final int ASKERS = 8;

    private final Set<String> delivered = ConcurrentHashMap.newKeySet();
    private ParcelDesk rig;
    private WatchDesk desk;
    private String letters;

    @BeforeEach
    void open() throws Exception {
        rig = new ParcelDesk();
        desk = rig.desk;
        letters = rig.letters;
    }

    @AfterEach
    void close() throws Exception {
        rig.close();
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

            var plan = rig.ask(true, 1, "").bodyAsJsonObject();
            assertThat(plan.getString("state")).isEqualTo("obstructed");
            assertThat(plan.getString("deadLetterTopic")).isEqualTo(letters);
            assertThat(plan.getJsonArray("obstacles").getJsonObject(0).getString("code"))
                    .isEqualTo("group-is-running");
            var refused = rig.ask(false, 1, ParcelDesk.key());
            assertThat(refused.statusCode()).isEqualTo(409);
            assertThat(refused.bodyAsJsonObject().getString("code")).isEqualTo("group-is-running");
            assertThat(refused.bodyAsJsonObject().getString("detail")).endsWith("Nothing was changed.");
        }
        assertThat(desk.broker.topics().read(letters)).isEmpty();
        until(
                PATIENCE,
                () -> "possible".equals(rig.ask(true, 1, "").bodyAsJsonObject().getString("state")));
        var key = ParcelDesk.key();
        var done = rig.ask(false, 1, key);
        assertThat(done.statusCode()).as(done.bodyAsString()).isEqualTo(200);
        assertThat(done.bodyAsJsonObject().getString("state")).isEqualTo("done");
        // Asked again, by the same key and by another one: nothing more happens.
        assertThat(rig.ask(false, 1, key).bodyAsJsonObject().getString("state")).isEqualTo("done");
        assertThat(rig.ask(false, 1, ParcelDesk.key()).bodyAsJsonObject().getString("state"))
                .isEqualTo("done");
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
    void whatIsNotInTheWayIsLeftWhereItIs() throws Exception {
        try (var member = desk.member(1)) {
            assertThat(member).isNotNull();
        }
        for (long offset : new long[] {0, 2, 17}) {
            var refused = rig.ask(false, offset, ParcelDesk.key());
            assertThat(refused.statusCode()).isEqualTo(409);
            assertThat(refused.bodyAsJsonObject().getString("code")).isEqualTo("conflict-state");
        }
        assertThat(desk.count("SELECT count(*) FROM quarantine")).isZero();
        assertThat(rig.ask(false, 1, "").bodyAsJsonObject().getString("code")).isEqualTo("idempotency-key-missing");
    }

    @Test
    @DisplayName(
            "A group that tries the first record of a partition for ever is named, though it never committed anything")
    void theFirstRecordThereIsIsTakenOutOfTheWay() throws Exception {
        desk.deploy();
        try (var member = desk.join("classic")) {
            assertThat(member).isNotNull();
            desk.awaitState("stall");
            assertThat(desk.item().getInteger("uncommittedPartitions")).isEqualTo(1);
            var group = desk.api.json("/api/v1/consumer-groups/" + desk.group);
            var partition = group.getJsonArray("partitions").getJsonObject(0);
            assertThat(partition.getLong("lag")).isEqualTo(3);
            var record = partition.getJsonObject("blockingRecord");
            assertThat(record.getString("offset")).isEqualTo("0");
            assertThat(record.getJsonObject("key").getString("data")).isEqualTo("key");
            assertThat(rig.ask(false, 0, ParcelDesk.key()).bodyAsJsonObject().getString("code"))
                    .isEqualTo("group-is-running");
        }
        until(
                PATIENCE,
                () -> "possible".equals(rig.ask(true, 0, "").bodyAsJsonObject().getString("state")));
        assertThat(rig.ask(true, 1, "").bodyAsJsonObject().getString("state")).isEqualTo("obstructed");
        var done = rig.ask(false, 0, ParcelDesk.key());
        assertThat(done.bodyAsJsonObject().getString("state"))
                .as(done.bodyAsString())
                .isEqualTo("done");
        assertThat(desk.broker.topics().read(letters)).hasSize(1);
        try (var again = desk.join("classic")) {
            var place = new TopicPartition(desk.topic, 0);
            assertThat(requireNonNull(again.committed(Set.of(place)).get(place)).offset())
                    .isEqualTo(1);
        }
    }

    @Test
    void aTombstoneBetweenTheMarkersOfTransactionsIsTakenOutOfTheWay() throws Exception {
        try (var other = rig.producer()) {
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
        rig.stands(4);
        assertThat(rig.ask(true, 4, "").bodyAsJsonObject().getString("state")).isEqualTo("obstructed");
        var done = rig.ask(false, 5, ParcelDesk.key());
        assertThat(done.statusCode()).as(done.bodyAsString()).isEqualTo(200);
        assertThat(done.bodyAsJsonObject().getString("committed")).isEqualTo("4");
        assertThat(desk.broker.topics().read(letters)).singleElement().satisfies(letter -> {
            assertThat(letter.value()).isNull();
            assertThat(new String(
                            letter.headers().lastHeader("redrive-origin-offset").value(), UTF_8))
                    .isEqualTo("5");
        });
        assertThat(rig.ask(true, 7, "").bodyAsJsonObject().getString("committed"))
                .isEqualTo("6");
        assertThat(rig.ask(true, 7, "").bodyAsJsonObject().getString("state")).isEqualTo("possible");
    }

    @Test
    void aGroupOfTheNewProtocolIsMovedOnlyWhileItIsStopped() throws Exception {
        try (var member = desk.member(1, "consumer")) {
            assertThat(member).isNotNull();
            assertThat(rig.ask(false, 1, ParcelDesk.key()).bodyAsJsonObject().getString("code"))
                    .isEqualTo("group-is-running");
            var place = new GroupPlace(desk.admin, desk.group, new TopicPartition(desk.topic, 0));
            assertThatThrownBy(() -> place.move(2).await(10, TimeUnit.SECONDS))
                    .isInstanceOf(UnknownMemberIdException.class);
        }
        until(
                PATIENCE,
                () -> "possible".equals(rig.ask(true, 1, "").bodyAsJsonObject().getString("state")));
        assertThat(rig.ask(false, 1, ParcelDesk.key()).bodyAsJsonObject().getString("state"))
                .isEqualTo("done");
    }

    @Test
    void manyWhoAskAtOnceMakeOneCopy() throws Exception {
        rig.stands(1);
        var threads = Executors.newFixedThreadPool(ASKERS);
        var all = Stream.generate(() -> CompletableFuture.supplyAsync(() -> status(ParcelDesk.key()), threads))
                .limit(ASKERS)
                .toList();
        threads.shutdown();
        // Each either has it done or is told to ask again: a broker may have no clear answer for whoever is fenced.
        assertThat(all)
                .allSatisfy(one -> assertThat(one.get(60, TimeUnit.SECONDS)).isIn(200, 409, 503));
        assertThat(rig.ask(false, 1, ParcelDesk.key()).bodyAsJsonObject().getString("state"))
                .isEqualTo("done");
        assertThat(desk.broker.topics().read(letters)).hasSize(1);
    }

    private int status(String key) {
        try {
            return rig.ask(false, 1, key).statusCode();
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }
}
