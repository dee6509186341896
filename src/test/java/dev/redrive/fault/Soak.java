package dev.redrive.fault;

import dev.redrive.testkit.Eventually;
import dev.redrive.testkit.KafkaNodes;
import dev.redrive.testkit.Postgres;
import dev.redrive.testkit.RedriveProcess;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.IsolationLevel;

/**
 * Letters come in and are replayed by jobs, over two processes, three brokers and one Postgres, each of which is killed,
 * stopped or cut off at random. Ends with a verdict that must be all zeros.
 */
final class Soak {

    private static final int LETTERS_A_ROUND = 40;

    private final KafkaNodes kafka;
    private final Postgres postgres;
    private final Random random;
    private final FaultDesk desk;
    private final Letters letters;
    private final RedriveProcess[] processes;
    private int faults;

    Soak(KafkaNodes kafka, Postgres postgres, long seed) {
        this.kafka = kafka;
        this.postgres = postgres;
        this.random = new Random(seed);
        this.desk = new FaultDesk(kafka.broker(), postgres.freshDatabase(), UnaryOperator.identity());
        this.letters = desk.letters();
        this.processes = new RedriveProcess[] {desk.start(), desk.start()};
    }

    private enum Fault {
        REDRIVE_KILLED,
        REDRIVE_PAUSED,
        NODE_KILLED,
        NODE_PAUSED,
        NETWORK_RESET,
        NETWORK_SLOW,
        POSTGRES_STOPPED,
        POSTGRES_PAUSED
    }

    /** @return what went wrong, by kind; all zeros is what is promised */
    JsonObject run(Duration time) throws IOException, InterruptedException {
        try (desk) {
            long end = System.nanoTime() + time.toNanos();
            while (System.nanoTime() < end) {
                letters.write(LETTERS_A_ROUND);
                replayWhatIsOpen();
                fault(
                        Fault.values()[
                                faults++ < Fault.values().length ? faults - 1 : random.nextInt(Fault.values().length)]);
            }
            kafka.awaitAll();
            letters.awaitAllStored();
            Eventually.until(FaultDesk.PATIENCE.multipliedBy(2), "nothing to be open or on its way", this::isCalm);
            return verdict();
        }
    }

    /** No letter may be open just now, or nobody answer: the next round asks again. */
    private void replayWhatIsOpen() {
        try {
            desk.orderOnce(letters.open());
        } catch (IOException nobodyAnswers) {
            // That is what a fault is.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isCalm() throws IOException, InterruptedException {
        if (desk.isBusy()) {
            return false;
        }
        replayWhatIsOpen();
        // In one question: between two a letter can go from what the second asks for to what the first did.
        return desk.hits("status:open,replaying topic:" + letters.topic) == 0;
    }

    private void fault(Fault fault) {
        int one = random.nextInt(2);
        switch (fault) {
            case REDRIVE_KILLED -> {
                processes[one].kill9();
                hold(500);
                processes[one] = desk.launch();
            }
            case REDRIVE_PAUSED -> during(processes[one]::pause, 5_000, processes[one]::resume);
            case NODE_KILLED -> during(() -> kafka.kill(2 + one), 1_000, () -> kafka.startAgain(2 + one));
            case NODE_PAUSED -> during(() -> kafka.pause(1 + one), 3_000, () -> kafka.resume(1 + one));
            case NETWORK_RESET -> kafka.resetAll();
            case NETWORK_SLOW -> during(() -> slow(200), 2_000, () -> slow(0));
            case POSTGRES_STOPPED -> during(postgres::stopImmediately, 1_000, postgres::start);
            case POSTGRES_PAUSED -> during(postgres::pause, 2_000, postgres::resume);
        }
    }

    private void slow(int millis) {
        for (int node = 1; node <= 3; node++) {
            kafka.network(node).delay(Duration.ofMillis(millis), Duration.ofMillis(millis / 2));
        }
    }

    private static void during(Runnable begin, long millis, Runnable end) {
        begin.run();
        try {
            hold(millis);
        } finally {
            end.run();
        }
    }

    private static void hold(long millis) {
        long until = System.nanoTime() + Duration.ofMillis(millis).toNanos();
        Eventually.until(Duration.ofMinutes(1), () -> System.nanoTime() > until);
    }

    private JsonObject verdict() throws IOException, InterruptedException {
        letters.awaitMarks();
        var found = letters.verdict();
        return new JsonObject()
                .put("lostOrDoubledLetters", letters.written() - desk.hits("topic:" + letters.topic))
                .put("lostReplays", found.lost())
                .put("doubledReplays", found.twice())
                .put("unreportedCopies", unreported())
                .put(
                        "uncertainOrHeld",
                        desk.lanes().stream()
                                .filter(lane -> lane.startsWith("hold"))
                                .count());
    }

    /** Aborted copies in the log that no replay tells of. */
    private long unreported() throws IOException, InterruptedException {
        var committed = new HashSet<String>();
        desk.broker
                .topics()
                .read(letters.origin)
                .forEach(record -> committed.add(record.partition() + "-" + record.offset()));
        long unreported = 0;
        var replays = new HashMap<String, JsonObject>();
        for (var record : desk.broker.topics().read(letters.origin, IsolationLevel.READ_UNCOMMITTED)) {
            var id = new String(record.headers().lastHeader("redrive-replay-id").value(), StandardCharsets.UTF_8);
            if (!committed.contains(record.partition() + "-" + record.offset())) {
                if (!replays.containsKey(id)) {
                    replays.put(id, desk.get("/replays/" + id));
                }
                unreported += isReported(replays.get(id), record.partition(), record.offset()) ? 0 : 1;
            }
        }
        return unreported;
    }

    private static boolean isReported(JsonObject replay, int partition, long offset) {
        var copy = new JsonObject().put("partition", partition).put("offset", Long.toString(offset));
        return replay.getBoolean("abortedCopyUnknown")
                || replay.getJsonArray("abortedCopies").contains(copy);
    }

    int faults() {
        return faults;
    }

    int letters() {
        return letters.written();
    }

    /** For whoever wants to see what a long run said. */
    static void keep(Map<String, Object> run, JsonObject verdict) throws IOException {
        var file = Path.of("target", "soak", "verdict.json");
        Files.createDirectories(file.getParent());
        Files.writeString(
                file, new JsonObject(new HashMap<>(run)).put("verdict", verdict).encodePrettily());
    }
}
