package dev.redrive.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.testkit.Broker;
import dev.redrive.testkit.Eventually;
import dev.redrive.testkit.Postgres;
import dev.redrive.testkit.RedriveProcess;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Random;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Whole processes that die, on the shared broker and database; {@code -Dingest.kills=5}, or any number, is more of L-01. */
class IngestCrashTest {

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final int KILLS = Integer.getInteger("ingest.kills", 3);

    /** Only to look at the database; it reads nothing. */
    private final Rig rig =
            new Rig(Broker.shared().bootstrapServers(), Postgres.shared().freshDatabase());

    @AfterEach
    void close() {
        rig.close();
    }

    private RedriveProcess.Start redrive() {
        return RedriveProcess.on(rig.database(), Broker.shared().bootstrapServers())
                .with("REDRIVE_KAFKA_GROUP_ID", rig.cluster().groupId())
                .with("REDRIVE_TOPICS_EXCLUDE", rig.cluster().exclude().get(0).pattern())
                .with("REDRIVE_DISCOVERY_INTERVAL", "PT1S");
    }

    private void produce(int topics, int from, int until) {
        var records = new ArrayList<ProducerRecord<byte[], byte[]>>();
        for (int i = from; i < until; i++) {
            records.add(new ProducerRecord<>(
                    rig.topic("t" + i % topics + "-dlq"), null, ("v" + i).getBytes(StandardCharsets.UTF_8)));
        }
        Broker.shared().topics().produceAll(records);
    }

    private void createTopics(int topics) {
        for (int i = 0; i < topics; i++) {
            Broker.shared().topics().createTopic(rig.topic("t" + i + "-dlq"), 1);
        }
    }

    @Test
    @DisplayName(
            "L-01 (scaled to 5 topics and 3 kills, 400 records before each): nothing is lost and nothing is there twice")
    void survivesKillsAtRandom() {
        createTopics(5);
        var random = new Random(11);
        for (int kill = 0; kill < KILLS; kill++) {
            try (var process = redrive().launch()) {
                long before = rig.letters();
                produce(5, kill * 400, kill * 400 + 400);
                long some = before + random.nextInt(200);
                Eventually.until(LONG, () -> rig.letters() > some);
                process.kill9();
            }
        }
        try (var process = redrive().launch()) {
            Eventually.until(LONG, () -> rig.letters() == 400 * KILLS);
            assertThat(process.isAlive()).isTrue();
        }
        assertThat(rig.number("SELECT count(DISTINCT value) FROM dead_letter")).isEqualTo(400 * KILLS);
        rig.assertCountersAgree();
    }

    @Test
    @DisplayName(
            "L-02, L-03: dead between insert and position, its successor between position and Kafka's commit, and nothing is lost or doubled")
    void survivesDeathsAroundThePosition() {
        createTopics(1);
        produce(1, 0, 50);
        dieAt("ingest.inserted");
        assertThat(rig.letters()).isZero();
        dieAt("ingest.stored");
        assertThat(rig.letters()).isEqualTo(rig.position(rig.topic("t0-dlq"), 0));
        try (var process = redrive().launch()) {
            Eventually.until(LONG, () -> rig.letters() == 50);
            assertThat(process.isAlive()).isTrue();
        }
        rig.assertCountersAgree();
    }

    private void dieAt(String failpoint) {
        try (var process =
                redrive().property("redrive.failpoint", failpoint + ":halt").launch()) {
            assertThat(process.awaitExit(LONG)).isEqualTo(137);
        }
    }

    @Test
    @DisplayName("F-20: SIGTERM under load ends within 10 s, and several processes share what is left")
    void stopsCleanlyUnderLoad() {
        createTopics(2);
        produce(2, 0, 2_000);
        try (var process = redrive().launch()) {
            Eventually.until(LONG, () -> rig.letters() > 0);
            process.sigterm();
            process.awaitExit(Duration.ofSeconds(11));
        }
        try (var one = redrive().launch();
                var two = redrive().launch()) {
            produce(2, 2_000, 2_400);
            Eventually.until(LONG, () -> rig.letters() == 2_400);
            assertThat(one.isAlive() && two.isAlive()).isTrue();
        }
        rig.assertCountersAgree();
    }
}
