package dev.redrive.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.testkit.Eventually;
import dev.redrive.testkit.KafkaNodes;
import dev.redrive.testkit.Postgres;
import dev.redrive.testkit.RedriveProcess;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.NewPartitionReassignment;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Some nodes of a Kafka of three die. Everything there has three replicas, of which two must be in sync. */
class NodeFaultTest {

    private static final String TRANSACTIONS = "__transaction_state";
    private static final int LETTERS = 60;
    private static final int DOWN_SECONDS = Integer.getInteger("fault.down", 5);

    private static KafkaNodes kafka;

    @BeforeAll
    static void open() {
        kafka = KafkaNodes.start(3);
    }

    @AfterAll
    static void close() {
        kafka.close();
    }

    /** A process stalls before its first commit alone, so that each fault of a coordinator needs one of its own. */
    @Test
    @DisplayName(
            "F-12: the coordinator of a transaction dies, or moves, between its last record and its commit: one committed copy each. "
                    + "F-22 (scaled to 5 s, -Dfault.down=60 until the lane is in doubt): while two of three nodes are down a replay waits and is never called done; then it is done once")
    void whateverBecomesOfTheNodesALaneCommitsOnce() throws Exception {
        try (var desk = new FaultDesk(
                kafka.broker(),
                Postgres.shared().freshDatabase(),
                start -> start.with("REDRIVE_REPLAY_LANES", "1")
                        .property("redrive.failpoint", "replay.receipts-sent:sleep=4000@1"))) {
            try (var redrive = desk.start()) {
                beforeTheCommit(desk, redrive, () -> kafka.kill(2));
            } finally {
                kafka.startAgain(2);
            }
            kafka.awaitAll();
            beforeTheCommit(desk, desk.start(), () -> lead(3));
            withoutEnoughReplicasAReplayWaits(desk);
        }
    }

    private interface Fault {
        void happen() throws Exception;
    }

    private static void beforeTheCommit(FaultDesk desk, RedriveProcess redrive, Fault fault) throws Exception {
        var letters = desk.letters().write(LETTERS).awaitStored();
        awaitLog(redrive, "Serving lane");
        lead(2);
        var job = letters.replay();
        awaitLog(redrive, "Failpoint replay.receipts-sent");
        fault.happen();
        desk.ended(job);
        letters.provenOnce();
    }

    private static void awaitLog(RedriveProcess redrive, String line) {
        Eventually.until(FaultDesk.PATIENCE, line, () -> redrive.log().contains(line));
    }

    /** Moves all coordinators to a node, as a rolling restart does. */
    private static void lead(int node) throws Exception {
        var order = node == 2 ? List.of(2, 3, 1) : List.of(3, 2, 1);
        var places = kafka.topics().describe(TRANSACTIONS).partitions().stream()
                .map(partition -> new TopicPartition(TRANSACTIONS, partition.partition()))
                .collect(Collectors.toSet());
        var admin = kafka.topics().admin();
        admin.alterPartitionReassignments(places.stream()
                        .collect(Collectors.toMap(
                                place -> place, place -> Optional.of(new NewPartitionReassignment(order)))))
                .all()
                .get(10, TimeUnit.SECONDS);
        Eventually.until(FaultDesk.PATIENCE, "node " + node + " to coordinate", () -> {
            admin.electLeaders(ElectionType.PREFERRED, places).partitions().get(5, TimeUnit.SECONDS);
            return places.stream()
                    .allMatch(place -> Objects.equals(kafka.leaderOf(TRANSACTIONS, place.partition()), node));
        });
    }

    private static void withoutEnoughReplicasAReplayWaits(FaultDesk desk) throws Exception {
        var letters = desk.letters().write(LETTERS).awaitStored();
        kafka.kill(2);
        kafka.kill(3);
        String job;
        try {
            job = letters.replay();
            desk.await(
                    job,
                    "letters to be on their way",
                    now -> now.getJsonObject("counters").getLong("sending", 0L) > 0);
            long until = System.nanoTime() + Duration.ofSeconds(DOWN_SECONDS).toNanos();
            Eventually.until(Duration.ofSeconds(DOWN_SECONDS + 10), () -> System.nanoTime() > until);
            assertThat(FaultDesk.sent(desk.job(job))).isZero();
        } finally {
            kafka.startAgain(2);
            kafka.startAgain(3);
        }
        kafka.awaitAll();
        desk.ended(job);
        letters.provenOnce();
    }

    @Test
    @DisplayName(
            "F-24 (scaled from 2 h to 25 s, each fault at least once; -Dsoak.minutes=120 -Dsoak.seed=1): at random faults the verdict is all zeros")
    void atRandomFaultsTheVerdictIsAllZeros() throws Exception {
        long seed = Long.getLong("soak.seed", System.nanoTime());
        var time = Duration.ofSeconds((long) (60 * Double.parseDouble(System.getProperty("soak.minutes", "0.4"))));
        try (var postgres = Postgres.own()) {
            var soak = new Soak(kafka, postgres, seed);
            var verdict = soak.run(time);
            Soak.keep(
                    Map.of(
                            "seed",
                            seed,
                            "seconds",
                            time.toSeconds(),
                            "faults",
                            soak.faults(),
                            "letters",
                            soak.letters()),
                    verdict);
            assertThat(verdict.stream())
                    .as("seed %d, %d faults, %d letters", seed, soak.faults(), soak.letters())
                    .allMatch(each -> ((Number) each.getValue()).longValue() == 0);
        }
    }
}
