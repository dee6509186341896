package dev.redrive.ingest;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.testkit.Broker;
import dev.redrive.testkit.Eventually;
import dev.redrive.testkit.Postgres;
import dev.redrive.testkit.RedriveProcess;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Postgres and the broker go away and come back, on a pair that belongs to these tests. */
class IngestFaultTest {

    private static final Duration LONG = Duration.ofSeconds(60);

    /** A bound of one backlog and what a poll goes beyond it, see {@link Backlog}. */
    private static final int MOST_UNSTORED = 2_000;

    private static final Postgres POSTGRES = Postgres.own();
    private static final Broker BROKER = Broker.own();

    private final Rig rig = new Rig(BROKER.bootstrapServers(), POSTGRES.freshDatabase());
    private final String topic = rig.topic("orders-dlq");

    @AfterAll
    static void shut() {
        BROKER.close();
        POSTGRES.close();
    }

    @AfterEach
    void close() {
        rig.close();
    }

    private void createTopic() {
        BROKER.topics().createTopic(topic, 1, Map.of("max.message.bytes", "20000000"));
    }

    private void produce(int from, int until) {
        var records = new ArrayList<ProducerRecord<byte[], byte[]>>();
        for (int i = from; i < until; i++) {
            records.add(new ProducerRecord<>(topic, null, ("v" + i).getBytes(StandardCharsets.UTF_8)));
        }
        BROKER.topics().produceAll(records);
    }

    private RedriveProcess.Start redrive() {
        return RedriveProcess.on(rig.database(), BROKER.bootstrapServers())
                .with("REDRIVE_KAFKA_GROUP_ID", rig.cluster().groupId())
                .with("REDRIVE_TOPICS_EXCLUDE", rig.cluster().exclude().get(0).pattern())
                .with("REDRIVE_DISCOVERY_INTERVAL", "PT1S");
    }

    /** Every value once, as all of them differ, and the position where the last one was. */
    private void assertAllOnce(int letters) {
        Eventually.untilAsserted(LONG, () -> assertThat(rig.letters()).isEqualTo(letters));
        assertThat(rig.number("SELECT count(DISTINCT value) FROM dead_letter")).isEqualTo(letters);
        rig.assertCountersAgree();
    }

    private int members() throws Exception {
        return group().members().size();
    }

    /** Another one after the member was thrown out of its group. */
    private String memberId() throws Exception {
        return group().members().iterator().next().consumerId();
    }

    private ConsumerGroupDescription group() throws Exception {
        var group = rig.cluster().groupId();
        var described = BROKER.admin().describeConsumerGroups(List.of(group)).all();
        return requireNonNull(described.get(10, TimeUnit.SECONDS).get(group));
    }

    @Test
    @DisplayName(
            "F-01 (scaled to 15 s and 4,000 records): while Postgres is away the backlog is bounded and the member stays")
    void waitsForPostgres() {
        createTopic();
        produce(0, 100);
        rig.start().awaitLetters(100);
        POSTGRES.stopImmediately();
        try {
            for (int i = 0; i < 15; i++) {
                produce(100 + i * 260, 100 + (i + 1) * 260);
                long second = System.nanoTime();
                Eventually.until(LONG, () -> System.nanoTime() - second > 1_000_000_000L);
            }
            Eventually.untilAsserted(LONG, () -> assertThat(members()).isEqualTo(1));
            assertThat(rig.status().unstored()).isBetween(1, MOST_UNSTORED);
        } finally {
            POSTGRES.start();
        }
        assertAllOnce(4_000);
    }

    @Test
    @DisplayName(
            "F-02 (scaled to 3 stops and 3,000 records): Postgres stopped at once under load loses and doubles nothing")
    void survivesStopsOfPostgres() {
        createTopic();
        rig.start();
        for (int stop = 0; stop < 3; stop++) {
            produce(stop * 1_000, stop * 1_000 + 1_000);
            long some = stop * 1_000L;
            Eventually.until(LONG, () -> rig.letters() > some);
            POSTGRES.stopImmediately();
            POSTGRES.start();
        }
        assertAllOnce(3_000);
    }

    @Test
    @DisplayName(
            "F-07 (scaled to 10 s): a Postgres that runs for 100 ms of each second bounds the backlog, and no poll comes too late")
    void pollsInTimeBesideASlowPostgres() throws Exception {
        createTopic();
        produce(0, 50);
        rig.client("max.poll.interval.ms", "2000").start().awaitLetters(50);
        var member = memberId();
        for (int second = 0; second < 10; second++) {
            POSTGRES.pause();
            try {
                produce(50 + second * 400, 450 + second * 400);
                long paused = System.nanoTime();
                Eventually.until(LONG, () -> System.nanoTime() - paused > 900_000_000L);
                assertThat(rig.status().unstored()).isLessThanOrEqualTo(MOST_UNSTORED);
            } finally {
                POSTGRES.resume();
            }
            long runs = System.nanoTime();
            Eventually.until(LONG, () -> System.nanoTime() - runs > 100_000_000L);
        }
        assertAllOnce(4_050);
        assertThat(memberId()).isEqualTo(member);
    }

    @Test
    @DisplayName("F-08 (scaled to 2 kills): a broker killed while letters are read loses and doubles nothing")
    void survivesABrokerThatDies() {
        createTopic();
        rig.start();
        for (int kill = 0; kill < 2; kill++) {
            produce(kill * 1_000, kill * 1_000 + 1_000);
            long some = kill * 1_000L;
            Eventually.until(LONG, () -> rig.letters() > some);
            BROKER.kill();
            BROKER.start();
        }
        produce(2_000, 2_100);
        assertAllOnce(2_100);
    }

    @Test
    @DisplayName("F-18 (scaled to 150 records of 1 MiB at 256 MiB of heap): the bytes in hand are bounded")
    void readsLargeRecordsInASmallHeap() {
        createTopic();
        var random = new Random(3);
        for (int batch = 0; batch < 10; batch++) {
            var records = new ArrayList<ProducerRecord<byte[], byte[]>>();
            for (int i = 0; i < 15; i++) {
                var value = new byte[1 << 20];
                random.nextBytes(value);
                records.add(new ProducerRecord<>(topic, null, value));
            }
            BROKER.topics().produceAll(records);
        }
        try (var process = redrive().start()) {
            Eventually.until(LONG, () -> rig.letters() == 150 || !process.isAlive());
            assertThat(process.isAlive()).isTrue();
            assertThat(process.log()).doesNotContain("OutOfMemoryError");
        }
        rig.assertCountersAgree();
    }

    @Test
    @DisplayName("F-21: started without Postgres the process lives, is not ready, and starts alone when it comes. "
            + "F-06 (scaled to 8 s): one that then answers nothing makes the process not ready and doubles nothing")
    void startsBeforePostgresAndSurvivesThatItFreezes() {
        createTopic();
        produce(0, 20);
        POSTGRES.stopImmediately();
        try (var process = redrive().launch()) {
            try {
                Eventually.until(LONG, () -> process.log().contains("Postgres is not ready"));
                assertThat(process.isAlive()).isTrue();
                Eventually.untilAsserted(
                        LONG, () -> assertThat(process.isReady()).isFalse());
            } finally {
                POSTGRES.start();
            }
            process.awaitReady();
            assertAllOnce(20);
            survivesAFrozenPostgres(process);
        }
    }

    private void survivesAFrozenPostgres(RedriveProcess process) {
        produce(20, 200);
        Eventually.until(LONG, () -> rig.letters() == 200);
        POSTGRES.pause();
        try {
            produce(200, 700);
            Eventually.until(LONG, () -> !process.isReady());
            long frozen = System.nanoTime();
            Eventually.until(LONG, () -> System.nanoTime() - frozen > 8_000_000_000L);
        } finally {
            POSTGRES.resume();
        }
        assertAllOnce(700);
        process.awaitReady();
    }

    @Test
    @DisplayName("F-21: started without Kafka the process serves what is stored, and reads alone when it comes")
    void startsBeforeKafka() {
        createTopic();
        produce(0, 20);
        BROKER.kill();
        try (var process = redrive().launch()) {
            try {
                process.awaitReady();
                Eventually.until(LONG, () -> process.log().contains("waits for Kafka"));
                assertThat(rig.letters()).isZero();
            } finally {
                BROKER.start();
            }
            assertAllOnce(20);
        }
    }

    @Test
    @DisplayName("L-14: a position beyond the end of the log is a gap by truncation, and what is written then is read")
    void noticesATruncatedLog() {
        createTopic();
        produce(0, 10);
        rig.start().awaitLetters(10);
        rig.stop();
        rig.sql("UPDATE ingest_position SET next_offset = 50");
        rig.start();
        Eventually.until(LONG, () -> !rig.gaps.isEmpty());
        assertThat(rig.gaps).singleElement().satisfies(gap -> {
            assertThat(gap.cause()).isEqualTo(Gap.Cause.TRUNCATION);
            assertThat(List.of(gap.from(), gap.to())).containsExactly(10L, 50L);
        });
        produce(10, 15);
        assertAllOnce(15);
    }
}
