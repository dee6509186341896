package dev.redrive.bench;

import dev.redrive.testkit.Broker;
import dev.redrive.testkit.Eventually;
import dev.redrive.testkit.Postgres;
import dev.redrive.testkit.RedriveProcess;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * Ingests a full topic with a heap of 256 MiB, the default of {@link RedriveProcess}, and prints how fast and with how
 * much memory. Ends with 1 when a letter is missing or too many, when Vert.x called a thread blocked, or when there was
 * an OutOfMemoryError, which ends the product here wherever it is thrown. The overview is asked up to 50 times a second
 * meanwhile, so the rate is that of a desk in use. Needs Linux: the memory is read from /proc.
 */
public final class IngestBenchmark {

    private static final String TOPIC = "orders-dlt";
    private static final Duration PATIENCE = Duration.ofMinutes(15);
    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

    private IngestBenchmark() {}

    /**
     * What was measured.
     *
     * @param counted letters by the counters of the overview
     * @param stored letters by the rows of {@code dead_letter}
     * @param perSecond from the first stored letter that was seen to the last
     * @param peakKib largest resident set of the process, in KiB
     * @param blocked warnings of Vert.x's BlockedThreadChecker
     */
    private record Figures(
            long counted, long stored, long groups, double perSecond, long peakKib, long blocked, long outOfMemory) {

        boolean holds(int expected) {
            return counted == expected && stored == expected && blocked == 0 && outOfMemory == 0;
        }
    }

    /** @param arguments how many records; 100,000 when there is none */
    public static void main(String[] arguments) throws Exception {
        int records = arguments.length == 0 ? 100_000 : Integer.parseInt(arguments[0]);
        Figures figures;
        try (var postgres = Postgres.own();
                var broker = Broker.own()) {
            SpringDeadLetters.produce(broker, TOPIC, records);
            var database = postgres.database("redrive");
            try (var redrive = RedriveProcess.on(database, broker.bootstrapServers())
                    .option("-XX:+ExitOnOutOfMemoryError")
                    .launch()) {
                figures = measure(redrive, database, records);
            }
        }
        System.out.printf(
                Locale.ROOT,
                "letters %d counted, %d stored, %d produced, in %d failure groups%nrate %.0f letters/s%n"
                        + "peak RSS %d MiB%nblocked threads %d%nOutOfMemoryError %d%n",
                figures.counted(),
                figures.stored(),
                records,
                figures.groups(),
                figures.perSecond(),
                figures.peakKib() / 1024,
                figures.blocked(),
                figures.outOfMemory());
        System.exit(figures.holds(records) ? 0 : 1);
    }

    private static Figures measure(RedriveProcess redrive, String database, int records) throws Exception {
        long first = letters(awaitLetters(redrive, 1));
        long begun = System.nanoTime();
        var overview = awaitLetters(redrive, records);
        double seconds = (System.nanoTime() - begun) / 1e9;
        var log = redrive.log();
        if (!redrive.isAlive()) {
            throw new AssertionError("Redrive ended with " + redrive.awaitExit(Duration.ZERO) + ":\n" + log);
        }
        return new Figures(
                letters(overview),
                storedIn(database),
                overview.getJsonObject("failureGroups").getLong("total"),
                (letters(overview) - first) / seconds,
                peakKib(redrive.pid()),
                log.lines()
                        .filter(line -> line.contains(" has been blocked for "))
                        .count(),
                log.lines().filter(line -> line.contains("OutOfMemoryError")).count());
    }

    /** The overview with at least so many letters, or one without any when the process has ended. */
    private static JsonObject awaitLetters(RedriveProcess redrive, long atLeast) {
        return Eventually.value(PATIENCE, atLeast + " letters", () -> {
            if (!redrive.isAlive()) {
                return Optional.of(new JsonObject().put("counts", new JsonObject().put("letters", 0)));
            }
            var overview = overview(redrive);
            return letters(overview) >= atLeast ? Optional.of(overview) : Optional.empty();
        });
    }

    private static long letters(JsonObject overview) {
        return overview.getJsonObject("counts").getLong("letters");
    }

    private static JsonObject overview(RedriveProcess redrive) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(redrive.url() + "/api/v1/overview"))
                .timeout(Duration.ofSeconds(10))
                .build();
        return new JsonObject(HTTP.send(request, BodyHandlers.ofString()).body());
    }

    private static long storedIn(String database) throws SQLException {
        var url = URI.create(database);
        var user = url.getUserInfo().split(":", 2);
        var jdbc = "jdbc:postgresql://"
                + url.getAuthority().substring(url.getUserInfo().length() + 1) + url.getPath();
        try (var connection = DriverManager.getConnection(jdbc, user[0], user[1]);
                var rows = connection.createStatement().executeQuery("SELECT count(*) FROM dead_letter")) {
            rows.next();
            return rows.getLong(1);
        }
    }

    /** From {@code VmHWM: 312345 kB}, see proc_pid_status(5). */
    private static long peakKib(long pid) throws IOException {
        try (var lines = Files.lines(Path.of("/proc", Long.toString(pid), "status"))) {
            var peak =
                    lines.filter(line -> line.startsWith("VmHWM:")).findFirst().orElseThrow();
            return Long.parseLong(peak.replaceAll("\\D", ""));
        }
    }
}
