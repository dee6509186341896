package dev.redrive.replay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.Progress;
import dev.redrive.Settings;
import dev.redrive.http.RefusedException;
import dev.redrive.ingest.Ingest;
import dev.redrive.kafka.KafkaClients;
import dev.redrive.testkit.Broker;
import dev.redrive.testkit.BrokerTopics;
import dev.redrive.testkit.Eventually;
import dev.redrive.testkit.Postgres;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The database is that of an earlier time, and Kafka is not: letters are read again, and receipts tell what was sent. */
class RestoredDatabaseTest {

    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private String origin;
    private int produced;

    @BeforeEach
    void topics() {
        origin = "orders-" + UUID.randomUUID();
        Broker.shared().topics().createTopic(origin, 2);
        Broker.shared().topics().createTopic(origin + "-dlt", 2);
        produced = 0;
    }

    @Test
    @DisplayName(
            "L-06 (the hour scaled to 40 letters): letters of the lost hour come back, their replays are done by receipt")
    void knowsTheReplaysOfTheLostHour() {
        var database = Postgres.shared().freshDatabase();
        try (var rig = desk(database)) {
            replayAll(rig, letters(rig, 20));
        }
        var backup = Postgres.shared().copyOf(database);
        var lost = new ArrayList<UUID>();
        try (var rig = desk(database)) {
            var letters = letters(rig, 40).subList(20, 60);
            lost.addAll(replayAll(rig, letters.subList(0, 30)));
        }
        try (var rig = desk(backup)) {
            awaitLetters(rig, 60);
            Eventually.until(
                    PATIENCE,
                    "30 replays known by their receipts",
                    () -> count(rig, "SELECT count(*) AS n FROM replay WHERE source = 'receipt' AND state = 'done'")
                            == 30);
            lost.forEach(id -> assertThat(rig.find(id).topic()).isEqualTo(origin));
            assertThat(count(rig, "SELECT count(*) AS n FROM letter_state WHERE status = 'replayed'"))
                    .isEqualTo(50);
            assertThat(count(rig, "SELECT count(*) AS n FROM letter_state WHERE status = 'open'"))
                    .isEqualTo(10);
            assertThat(count(rig, "SELECT sum(replayed)::bigint AS n FROM failure_group_counter"))
                    .isEqualTo(50);
            replayAll(rig, open(rig));
            assertEachSentOnce(rig, 60);
        }
    }

    @Test
    void withdrawsAWishFromBeforeTheBackupThatAReceiptAnswers() {
        var database = Postgres.shared().freshDatabase();
        UUID wish;
        long letter;
        try (var rig = desk(database)) {
            letter = letters(rig, 1).get(0);
            rig.stopServing();
            wish = rig.replay(letter).id();
        }
        var backup = Postgres.shared().copyOf(database);
        try (var rig = desk(database)) {
            // Withdrawn and asked for once more, of which the backup knows nothing.
            rig.settled(wish);
        }
        try (var rig = ReplayRig.on(Broker.shared(), backup, Duration.ofSeconds(5), 2)) {
            rig.execute("UPDATE replay SET id = $2 WHERE id = $1", wish, UUID.randomUUID());
            rig.serve();
            Eventually.until(
                    PATIENCE,
                    "the receipt to be met",
                    () -> rig.statusOf(letter).equals("replayed"));
            assertThat(count(rig, "SELECT count(*) AS n FROM replay WHERE state = 'cancelled'"))
                    .isEqualTo(1);
            assertThat(rig.find(wish).source()).isEqualTo(Source.RECEIPT);
            assertEachSentOnce(rig, 1);
        }
    }

    @Test
    @DisplayName(
            "F-03 (a copy under load stands for the standby): after a promotion that lost commits nothing is lost or sent twice")
    void losesAndDoublesNothingWhereCommitsAreLost() {
        var database = Postgres.shared().freshDatabase();
        String standby;
        try (var rig = desk(database)) {
            var letters = letters(rig, 60);
            letters.subList(0, 20).forEach(rig::replay);
            standby = Postgres.shared().copyOf(database);
            Eventually.until(PATIENCE, "Postgres again", () -> open(rig).size() == 40);
            var later = letters.subList(20, 40).stream()
                    .map(letter -> Eventually.value(PATIENCE, "Postgres again", () -> Optional.of(asked(rig, letter))))
                    .toList();
            later.subList(0, 10).forEach(rig::settled);
        }
        try (var rig = desk(standby)) {
            awaitLetters(rig, 60);
            Eventually.until(
                    PATIENCE,
                    "every replay to be settled",
                    () -> count(rig, "SELECT count(*) AS n FROM replay WHERE state <> 'done'") == 0
                            && count(rig, "SELECT count(*) AS n FROM replay") >= 30);
            open(rig).forEach(letter -> assertSent(rig, letter));
            assertEachSentOnce(rig, 60);
        }
    }

    /** Reads the letters of this test and serves two lanes, as one process would. */
    private ReplayRig desk(String database) {
        var rig = ReplayRig.on(Broker.shared(), database, Duration.ofSeconds(2), 2);
        var cluster = new Settings.Cluster(
                ReplayRig.CLUSTER,
                "redrive-" + origin,
                Map.of("bootstrap.servers", rig.broker.bootstrapServers()),
                List.of(),
                List.of(Pattern.compile("(?!" + Pattern.quote(origin) + ").*", Pattern.DOTALL)));
        var ingest = new Ingest(
                new Settings.Ingest(1, 64 << 20, Duration.ofSeconds(1)),
                new KafkaClients(cluster),
                rig.pool,
                (connection, groups) -> Future.succeededFuture(),
                (connection, gap) -> Future.succeededFuture(),
                new SimpleMeterRegistry(),
                new Progress());
        ReplayRig.await(rig.vertx.deployVerticle(ingest));
        return rig.serve();
    }

    /** Produces so many more, each with a key of its own. @return all letters so far, in the order of their coming in */
    private List<Long> letters(ReplayRig rig, int more) {
        for (int i = produced; i < produced + more; i++) {
            rig.topics()
                    .produce(
                            origin + "-dlt",
                            ("key-" + i).getBytes(UTF_8),
                            Integer.toString(i).getBytes(UTF_8),
                            BrokerTopics.header("kafka_dlt-original-topic", origin.getBytes(UTF_8)),
                            BrokerTopics.header(
                                    "kafka_dlt-original-partition",
                                    ByteBuffer.allocate(4).array()),
                            BrokerTopics.header(
                                    "kafka_dlt-original-offset",
                                    ByteBuffer.allocate(8).putLong(i).array()),
                            BrokerTopics.header(
                                    "kafka_dlt-exception-fqcn", "java.lang.IllegalStateException".getBytes(UTF_8)));
        }
        produced += more;
        awaitLetters(rig, produced);
        return ids(rig, "SELECT id FROM dead_letter ORDER BY id");
    }

    private static List<Long> open(ReplayRig rig) {
        return ids(rig, "SELECT letter_id AS id FROM letter_state WHERE status = 'open' ORDER BY 1");
    }

    private static List<Long> ids(ReplayRig rig, String sql) {
        return ReplayRig.await(rig.pool.query(sql).execute()).stream()
                .map(row -> row.getLong("id"))
                .toList();
    }

    private static void awaitLetters(ReplayRig rig, int letters) {
        Eventually.until(
                PATIENCE, letters + " letters", () -> count(rig, "SELECT count(*) AS n FROM dead_letter") == letters);
    }

    private static List<UUID> replayAll(ReplayRig rig, List<Long> letters) {
        var replays = letters.stream().map(letter -> rig.replay(letter).id()).toList();
        replays.forEach(replay -> assertThat(rig.settled(replay).state()).isEqualTo(ReplayState.DONE));
        return replays;
    }

    private void assertEachSentOnce(ReplayRig rig, int letters) {
        var keys = rig.topics().read(origin).stream()
                .map(ConsumerRecord::key)
                .map(key -> new String(key, UTF_8))
                .toList();
        assertThat(keys).hasSize(letters);
        assertThat(new HashSet<>(keys)).hasSize(letters);
    }

    /** By what is asked for now, unless the receipt of an earlier replay is met in between: then this wish is withdrawn. */
    private static void assertSent(ReplayRig rig, long letter) {
        var settled = rig.settled(asked(rig, letter));
        if (settled.state() == ReplayState.CANCELLED) {
            assertThat(settled.error()).startsWith("A receipt says");
        } else {
            assertThat(settled.state()).isEqualTo(ReplayState.DONE);
        }
        assertThat(rig.statusOf(letter)).isEqualTo("replayed");
    }

    /** What was asked before the connection broke may have been heard, or a receipt tells of it meanwhile. */
    private static UUID asked(ReplayRig rig, long letter) {
        try {
            return rig.replay(letter).id();
        } catch (RefusedException heard) {
            return rig.row("SELECT id FROM replay WHERE letter_id = $1 ORDER BY seq DESC LIMIT 1", letter)
                    .getUUID("id");
        }
    }

    private static long count(ReplayRig rig, String sql) {
        return rig.row(sql).getLong("n");
    }
}
