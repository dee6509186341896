package dev.redrive.bench;

import dev.redrive.ingest.BulkLoader;
import dev.redrive.postgres.Database;
import dev.redrive.retention.WholeRun;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * P-10: purges three letters in four of a store while letters come in, then fills what was purged again. Prints letters
 * purged a second, the longest wait for a lock that was seen, the rate of ingest beside that without a purge, and the
 * size of each table before, after, and when it is full again. Since letters come in all the time, sizes are compared by
 * letter that holds its bytes, with all that purged ones leave behind. Ends with 1 when somebody waited for a lock for
 * longer than a second, or a letter takes more than a third more than before. {@code -Dletters=1000000} stored, which is
 * the default; needs 8 GB of disk for that. {@code -Darriving=1000} letters a second while the purge goes on, instead of
 * as many as the store takes, which halves what is purged a second. Begins with an empty store each time.
 */
public final class RetentionBenchmark {

    private static final int CHUNK = 5_000;
    private static final int ARRIVING = Integer.getInteger("arriving", 0);
    private static final double MOST_SECONDS_OF_WAIT = 1;
    private static final double MOST_GROWTH = 1.33;

    private static final String AGED = """
            ALTER TABLE dead_letter ALTER ingested_at SET DEFAULT now() - interval '40 days';
            ALTER TABLE letter_state ALTER changed_at SET DEFAULT now() - interval '40 days'""";

    private static final String OF_TODAY = """
            ALTER TABLE dead_letter ALTER ingested_at SET DEFAULT now();
            ALTER TABLE letter_state ALTER changed_at SET DEFAULT now()""";

    private static final String RECOVERED = """
            UPDATE letter_state SET status = 'recovered'
            WHERE letter_id BETWEEN %d AND %d AND letter_id %% 4 < 3""";

    private static final String LONGEST_WAIT = """
            SELECT coalesce(max(extract(epoch FROM clock_timestamp() - waitstart) * 1000), 0)::bigint
            FROM pg_locks WHERE NOT granted""";

    private static final String[] TABLES = {"dead_letter", "letter_chunk", "letter_state", "stack_trace", "letter_tally"
    };

    private final TriageStore store;
    private final Vertx vertx = Vertx.vertx();
    private final BulkLoader loader;
    private final TriageLetters letters;
    private final int stored;
    private int next;
    private int purged;
    private volatile long waited;

    private RetentionBenchmark(TriageStore store, int stored) throws Exception {
        this.store = store;
        this.stored = stored;
        this.letters = new TriageLetters(stored * 4, System.currentTimeMillis());
        this.loader = new BulkLoader(new Database(store.settings()).open(vertx), "retention-cluster", "main");
    }

    public static void main(String[] arguments) throws Exception {
        int stored = Integer.getInteger("letters", 1_000_000);
        var folder = Path.of("target", "bench", "retention");
        delete(folder);
        boolean fine;
        try (var store = TriageStore.empty(folder)) {
            fine = new RetentionBenchmark(store, stored).run();
        }
        delete(folder);
        System.exit(fine ? 0 : 1);
    }

    private static void delete(Path folder) throws Exception {
        if (Files.exists(folder)) {
            try (var files = Files.walk(folder)) {
                for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private boolean run() throws Exception {
        store.execute(AGED);
        System.out.printf("stored %,d letters, %,.0f a second%n", stored, load(stored));
        store.execute(OF_TODAY);
        for (int from = 0; from <= stored; from += 50_000) {
            store.execute(RECOVERED.formatted(from, from + 49_999));
        }
        store.execute("VACUUM ANALYZE");
        double alone = load(Math.max(CHUNK, stored / 10));
        double before = sizes("before");
        double during = purge();
        System.out.printf(
                "ingest alone %,.0f letters a second, during the purge %,.0f: %.2f of it%n",
                alone, during, during / alone);
        double after = sizes("after the purge");
        load(purged);
        double full = sizes("filled again with as many as were purged");
        System.out.printf(
                "a letter with bytes takes %.2f kB, after the purge %.2f, full again %.2f: %.2f of it%n",
                before / 1e3, after / 1e3, full / 1e3, full / before);
        vertx.close().await(30, TimeUnit.SECONDS);
        return waited <= MOST_SECONDS_OF_WAIT * 1_000 && full <= MOST_GROWTH * before;
    }

    /** @return letters a second */
    private double load(int count) {
        long began = System.nanoTime();
        int end = next + count;
        while (next < end) {
            loadChunk(end);
        }
        return count * 1e9 / (System.nanoTime() - began);
    }

    private void loadChunk(int end) {
        int to = Math.min(end, next + CHUNK);
        loader.load(letters.records(next, to));
        next = to;
    }

    /** @return letters that came in a second meanwhile */
    private double purge() throws Exception {
        var going = new AtomicBoolean(true);
        var watch = new Thread(() -> {
            while (going.get()) {
                try {
                    waited = Math.max(waited, store.number(LONGEST_WAIT));
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            }
        });
        watch.start();
        long began = System.nanoTime();
        int first = next;
        var run = WholeRun.of(vertx, new Database(store.settings()).open(vertx), "P30D");
        while (!run.isComplete()) {
            loadChunk(next + (ARRIVING > 0 ? Math.min(CHUNK, Math.max(1, ARRIVING / 10)) : CHUNK));
            awaitTurn(began, next - first);
        }
        double seconds = (System.nanoTime() - began) / 1e9;
        going.set(false);
        watch.join();
        purged = Math.toIntExact(run.await(1, TimeUnit.SECONDS));
        System.out.printf(
                "purged %,d letters in %.0f s, %,.0f a second; longest wait for a lock %d ms%n",
                purged, seconds, purged / seconds, waited);
        return (next - first) / seconds;
    }

    private static void awaitTurn(long began, int arrived) {
        if (ARRIVING > 0) {
            LockSupport.parkNanos(began + arrived * 1_000_000_000L / ARRIVING - System.nanoTime());
        }
    }

    /** @return bytes of all tables by letter that holds its bytes */
    private double sizes(String when) throws Exception {
        System.out.printf("%n%-14s %10s %10s %10s   %s%n", "MB", "table", "index", "toast", when);
        long sum = 0;
        for (var table : TABLES) {
            long heap = store.number("SELECT pg_relation_size('" + table + "')");
            long index = store.number("SELECT pg_indexes_size('" + table + "')");
            long total = store.number("SELECT pg_total_relation_size('" + table + "')");
            System.out.printf(
                    "%-14s %,10.1f %,10.1f %,10.1f%n", table, heap / 1e6, index / 1e6, (total - heap - index) / 1e6);
            sum += total;
        }
        long whole = store.number("SELECT count(*) FROM letter_state WHERE status <> 'purged'");
        System.out.printf(
                "%-14s %,10.1f, %,d letters with bytes and %,d purged%n%n",
                "all", sum / 1e6, whole, store.number("SELECT count(*) FROM letter_state WHERE status = 'purged'"));
        return (double) sum / whole;
    }
}
