package dev.redrive.bench;

import dev.redrive.Settings;
import dev.redrive.ingest.BulkLoader;
import dev.redrive.postgres.Database;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Letters that come in all the time, a thousand a second, as in an incident. They stay in the store. */
final class ArrivingLetters implements AutoCloseable {

    private static final int EACH = 100;
    private static final int MOST = 200_000;
    private static final Duration PAUSE = Duration.ofMillis(100);

    private final Vertx vertx = Vertx.vertx();
    private final BulkLoader loader;
    private final TriageLetters letters;
    private final Thread thread;
    private final long begun = System.nanoTime();
    private int next;
    private volatile int arrived;
    private volatile boolean closed;

    /** @param stored how many there are, the ones before them by the same generator */
    ArrivingLetters(Settings.Database settings, int stored) {
        loader = new BulkLoader(new Database(settings).open(vertx), "triage-cluster", "main");
        // The generator spreads all it has over a month up to now, so that these failed of late.
        letters = new TriageLetters(stored + MOST, System.currentTimeMillis());
        next = stored + 1;
        thread = new Thread(this::arrive, "arriving-letters");
        thread.start();
    }

    private void arrive() {
        while (!closed) {
            loader.load(letters.records(next, next + EACH));
            next += EACH;
            arrived += EACH;
            long due = begun + arrived / EACH * PAUSE.toNanos();
            LockSupport.parkNanos(due - System.nanoTime());
        }
    }

    /** @return letters that came in a second; fewer than a thousand where the store had no time for them */
    double rate() {
        return arrived * 1e9 / (System.nanoTime() - begun);
    }

    @Override
    public void close() throws Exception {
        closed = true;
        thread.join();
        vertx.close().await(30, TimeUnit.SECONDS);
    }
}
