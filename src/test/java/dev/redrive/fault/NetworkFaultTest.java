package dev.redrive.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.testkit.Eventually;
import dev.redrive.testkit.KafkaNodes;
import dev.redrive.testkit.Postgres;
import dev.redrive.testkit.RedriveProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The way to Kafka is slow, breaks again and again, or is not to be found: one broker that is known by a name. */
class NetworkFaultTest {

    private static final String HOST = "kafka.redrive.test";
    private static final int LETTERS = 120;

    @TempDir
    static Path directory;

    private static KafkaNodes kafka;
    private static FaultDesk desk;
    private static RedriveProcess redrive;
    private static Path hosts;

    @BeforeAll
    static void open() throws IOException {
        hosts = directory.resolve("hosts");
        nameKnown(true);
        kafka = KafkaNodes.named(HOST, Map.of());
        desk = new FaultDesk(kafka.broker(), Postgres.shared().freshDatabase(), NetworkFaultTest::withNames);
        redrive = desk.start();
    }

    @AfterAll
    static void close() {
        desk.close();
        kafka.close();
    }

    /** Java asks this file for every name, and forgets what it was told at once. */
    private static RedriveProcess.Start withNames(RedriveProcess.Start start) {
        return start.property("jdk.net.hosts.file", hosts.toString()).property("sun.net.inetaddr.ttl", "0");
    }

    private static void nameKnown(boolean known) throws IOException {
        Files.writeString(hosts, "127.0.0.1 localhost\n" + (known ? "127.0.0.1 " + HOST + "\n" : ""));
    }

    @Test
    @DisplayName(
            "F-10 (scaled by the lease, 3 s for 30 s: 200 ms ± 100 ms there and back): with a slow network nobody is fenced, nothing is sent twice")
    void aSlowNetworkFencesNobody() throws Exception {
        var letters = desk.letters().write(LETTERS).awaitStored();
        // Lanes that an earlier fault closed have opened again when they have sent.
        desk.ended(letters.replay());
        var served = served();
        letters.write(LETTERS).awaitStored();
        kafka.network(1).delay(Duration.ofMillis(100), Duration.ofMillis(50));
        try {
            desk.ended(letters.replay());
        } finally {
            kafka.network(1).delay(Duration.ZERO, Duration.ZERO);
        }
        letters.provenOnce();
        assertThat(served()).isEqualTo(served);
    }

    /** How often a lane was opened: once each, as long as nobody is fenced and nothing is in doubt. */
    private static long served() {
        return redrive.log().lines().filter(line -> line.contains("with fence")).count();
    }

    @Test
    @DisplayName("F-11 (scaled to a reset every 500 ms, 12 times): connections that break lose and double nothing")
    void connectionsThatBreakLoseNothing() {
        var letters = desk.letters().write(LETTERS);
        String job = null;
        for (int i = 0; i < 12; i++) {
            kafka.network(1).reset();
            letters.write(LETTERS / 12);
            long until = System.nanoTime() + Duration.ofMillis(500).toNanos();
            Eventually.until(FaultDesk.PATIENCE, () -> System.nanoTime() > until);
            if (i == 3) {
                job = letters.replay();
            }
        }
        letters.awaitStored();
        desk.ended(job == null ? letters.replay() : job);
        desk.ended(letters.replay());
        letters.provenOnce();
    }

    @Test
    @DisplayName(
            "F-23 (scaled to some seconds): while the brokers' names are not known nothing is lost, and then it goes on")
    void namesThatAreNotKnownLoseNothing() throws Exception {
        var letters = desk.letters().write(LETTERS).awaitStored();
        int before = redrive.log().length();
        nameKnown(false);
        String job;
        try {
            kafka.network(1).reset();
            letters.write(LETTERS);
            job = letters.replay();
            Eventually.until(
                    FaultDesk.PATIENCE,
                    "the brokers to be missed",
                    () -> redrive.log().substring(before).contains("counts as gone"));
            assertThat(FaultDesk.sent(desk.job(job))).isZero();
        } finally {
            nameKnown(true);
        }
        desk.ended(job);
        letters.awaitStored();
        desk.ended(letters.replay());
        letters.provenOnce();
    }

    @Test
    @DisplayName(
            "F-23: started while the brokers' names are not known the process serves and says so, and goes on alone when they are")
    void startsBeforeNamesAreKnown() throws Exception {
        nameKnown(false);
        try (var other =
                new FaultDesk(kafka.broker(), Postgres.shared().freshDatabase(), NetworkFaultTest::withNames)) {
            var letters = other.letters().write(10);
            var process = other.start();
            assertThat(process.health()).contains("\"degraded\"", "{\"name\":\"kafka\",\"ok\":false}");
            Eventually.until(
                    FaultDesk.PATIENCE,
                    "the cluster to be missed",
                    () -> other.get("/consumer-groups").encode().contains("has not answered since"));
            nameKnown(true);
            letters.awaitStored();
            other.ended(letters.replay());
            letters.provenOnce();
            assertThat(process.health()).contains("\"up\"");
        } finally {
            nameKnown(true);
        }
    }
}
