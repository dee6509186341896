package dev.redrive.replay;

import dev.redrive.testkit.ChildJvm;
import dev.redrive.testkit.Eventually;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;

/**
 * A job of a thousand letters at every failpoint of its engine and its lanes, once for each way to fail: the process
 * halts there, an exception is thrown there, or the thread stands still there for twice the lease while another process
 * waits to take over. Prints a table, writes it to {@code docs/crash-matrix.md}, and ends with 1 when a letter was lost,
 * sent twice, sent out of order, left in doubt, or copied without a report.
 */
public final class CrashMatrix {

    private static final Duration LANE_LEASE = Duration.ofSeconds(2);
    /** {@code JobEngine}: the server ends the transaction of a silent owner. */
    private static final Duration JOB_LEASE = Duration.ofSeconds(30);

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Path TABLE = Path.of("docs", "crash-matrix.md");

    /**
     * @param before what another process dies of first, so that there is something to recover at this place; or empty
     * @param passes of which the seed chooses one
     */
    private record Place(String name, String before, int passes, Duration lease) {}

    private enum Way {
        HALT,
        THROW,
        STALL;

        String at(Place place, int pass) {
            var what = this == STALL
                    ? "sleep=" + place.lease().multipliedBy(2).toMillis()
                    : name().toLowerCase(Locale.ROOT);
            return place.name() + ":" + what + "@" + pass;
        }
    }

    private record Cell(Place place, Way way, int pass, boolean reached, ReplayJobRun.Verdict verdict, double seconds) {

        boolean isClean(int letters) {
            return reached && verdict.isClean() && verdict.committed() == letters;
        }

        String row(int letters) {
            return "| `%s` | %s | %d | %d | %d | %d | %d | %d | %d of %d | %.1f | %s |%n"
                    .formatted(
                            place.name(),
                            way.name().toLowerCase(Locale.ROOT),
                            pass,
                            verdict.committed(),
                            verdict.lost(),
                            verdict.twice(),
                            verdict.outOfOrder(),
                            verdict.unsettled(),
                            verdict.copies() - verdict.unreported(),
                            verdict.copies(),
                            seconds,
                            isClean(letters) ? "ok" : reached ? verdict.state() : "not reached");
        }
    }

    private final int letters;
    private final long seed;
    private final Random random;

    private CrashMatrix(int letters, long seed) {
        this.letters = letters;
        this.seed = seed;
        this.random = new Random(seed);
    }

    /** @param arguments letters of each job, 1,000 when there is none; the seed, 1 when there is none; part of a name */
    public static void main(String[] arguments) throws Exception {
        int letters = arguments.length == 0 ? 1_000 : Integer.parseInt(arguments[0]);
        long seed = arguments.length < 2 ? 1 : Long.parseLong(arguments[1]);
        var only = arguments.length < 3 ? "" : arguments[2];
        var places = places().filter(place -> place.name().contains(only)).toList();
        boolean clean = new CrashMatrix(letters, seed).run(places, only.isEmpty());
        System.exit(clean ? 0 : 1);
    }

    private static Stream<Place> places() {
        var job = Stream.of(
                        "taken", "locked", "worked", "kept", "advanced", "settled", "committed", "let-go", "went-on")
                .map(name -> new Place("job." + name, "", 2, JOB_LEASE));
        var recovery = Stream.of("lane-taken", "fenced", "barrier", "receipts-read", "reconciled", "copies-reported")
                .map(name -> new Place("replay." + name, "replay.target-sent:halt", 2, LANE_LEASE));
        var sending = Stream.of(
                        "claimed",
                        "checked",
                        "placed",
                        "begun",
                        "target-sent",
                        "receipts-sent",
                        "commit-asked",
                        "commit-under-way",
                        "committed",
                        "settled")
                .map(name -> new Place("replay." + name, "", 3, LANE_LEASE));
        return Stream.concat(job, Stream.concat(recovery, sending));
    }

    private boolean run(List<Place> places, boolean keep) throws Exception {
        var cells = new ArrayList<Cell>();
        try (var desk = new ReplayJobDesk(LANE_LEASE)) {
            for (var place : places) {
                for (var way : Way.values()) {
                    var cell = cell(desk, place, way, 1 + random.nextInt(place.passes()));
                    cells.add(cell);
                    System.out.print(cell.row(letters));
                }
            }
        }
        long clean = cells.stream().filter(cell -> cell.isClean(letters)).count();
        System.out.printf("%d of %d clean, %d letters each, seed %d%n", clean, cells.size(), letters, seed);
        if (keep) {
            write(cells, clean);
        }
        return clean == cells.size();
    }

    private Cell cell(ReplayJobDesk desk, Place place, Way way, int pass) throws Exception {
        long begun = System.nanoTime();
        var run = new ReplayJobRun(desk, letters, new JsonObject());
        if (!place.before().isEmpty()) {
            try (var first = ReplayJobProcess.start(desk.rig, place.before())) {
                first.awaitExit(PATIENCE);
            }
        }
        boolean reached;
        try (var child = ReplayJobProcess.start(desk.rig, way.at(place, pass))) {
            reached = switch (way) {
                case HALT -> halted(desk, run, child);
                case THROW -> threw(run, child, place);
                case STALL -> stalled(desk, run, child, place);
            };
        }
        return new Cell(place, way, pass, reached, run.verdict(), (System.nanoTime() - begun) / 1e9);
    }

    private static boolean halted(ReplayJobDesk desk, ReplayJobRun run, ChildJvm child) throws Exception {
        Eventually.until(PATIENCE, "a death, or the end of the job", () -> !child.isAlive() || run.hasEnded());
        boolean died = !child.isAlive() && child.awaitExit(PATIENCE) == 137;
        try (var next = ReplayJobProcess.start(desk.rig, "")) {
            awaitEnd(run, next);
        }
        return died;
    }

    private static boolean threw(ReplayJobRun run, ChildJvm child, Place place) {
        awaitEnd(run, child);
        return child.output().contains("Failpoint " + place.name() + ":");
    }

    /** The stalled one is kept until it is awake again: what it does then must change nothing. */
    private static boolean stalled(ReplayJobDesk desk, ReplayJobRun run, ChildJvm child, Place place) {
        Eventually.until(
                PATIENCE, "the stall, or the end of the job", () -> hasStalled(child, place) || run.hasEnded());
        boolean reached = hasStalled(child, place);
        long awake =
                System.nanoTime() + place.lease().multipliedBy(2).plusSeconds(1).toNanos();
        try (var next = ReplayJobProcess.start(desk.rig, "")) {
            awaitEnd(run, next);
            Eventually.until(PATIENCE, "the stalled process to wake", () -> !reached || System.nanoTime() > awake);
        }
        return reached;
    }

    private static boolean hasStalled(ChildJvm child, Place place) {
        return child.output().contains("Failpoint " + place.name() + ":");
    }

    private static void awaitEnd(ReplayJobRun run, ChildJvm worker) {
        Eventually.until(PATIENCE, "the end of the job", () -> {
            if (!worker.isAlive()) {
                throw new AssertionError(worker.output());
            }
            return run.hasEnded();
        });
    }

    private void write(List<Cell> cells, long clean) throws IOException {
        var text = new StringBuilder();
        text.append("# Crash matrix\n\n")
                .append(
                        "Written by `dev.redrive.replay.CrashMatrix` (its command is in docs/jobs.md); do not edit. A job of ")
                .append(
                        "%,d letters of ten keys at each place of its engine (`job.`) and its lanes (`replay.`), once for each way to fail there: "
                                .formatted(letters))
                .append(
                        "**halt** ends the process like SIGKILL and another one goes on; **throw** is an exception the process has to live with; ")
                .append(
                        "**stall** stops the thread for twice the lease while another process takes over and the first one wakes up to find itself fenced. ")
                .append(
                        "`pass` is the time it comes by that it happens, drawn from the seed. Copies are aborted records that only consumers at ")
                .append("read_uncommitted may meet, and how many of them their replays report.\n\n")
                .append("**%d of %d clean, seed %d.**%n%n".formatted(clean, cells.size(), seed))
                .append(
                        "| place | way | pass | committed | lost | twice | keys out of order | unsettled | copies reported | seconds | verdict |\n")
                .append("|---|---|---|---|---|---|---|---|---|---|---|\n");
        cells.forEach(cell -> text.append(cell.row(letters)));
        Files.writeString(TABLE, text);
    }
}
