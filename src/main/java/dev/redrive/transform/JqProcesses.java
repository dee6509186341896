package dev.redrive.transform;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.util.Deque;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** Processes that wait for the next program, for a minute at most; as many as workers took at once. */
final class JqProcesses {

    private static final long KEPT_MILLIS = 60_000;

    private final Vertx vertx;
    private final Deque<JqProcess> idle = new ConcurrentLinkedDeque<>();
    private final Set<JqProcess> busy = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean watched = new AtomicBoolean();
    private volatile long lastUse;

    JqProcesses(Vertx vertx) {
        this.vertx = vertx;
    }

    /** Blocks while one starts. */
    JqProcess take() throws IOException {
        for (var process = idle.poll(); process != null; process = idle.poll()) {
            if (process.isAlive()) {
                busy.add(process);
                return process;
            }
        }
        var started = JqProcess.start(vertx);
        busy.add(started);
        return started;
    }

    void keep(JqProcess process) {
        busy.remove(process);
        idle.push(process);
        lastUse = System.nanoTime();
        watch();
    }

    /** It is lost. */
    void forget(JqProcess process) {
        busy.remove(process);
    }

    private void watch() {
        if (watched.compareAndSet(false, true)) {
            vertx.setTimer(KEPT_MILLIS, later -> {
                watched.set(false);
                if (System.nanoTime() - lastUse >= TimeUnit.MILLISECONDS.toNanos(KEPT_MILLIS)) {
                    for (var process = idle.poll(); process != null; process = idle.poll()) {
                        process.close();
                    }
                } else {
                    watch();
                }
            });
        }
    }

    void close() {
        busy.forEach(JqProcess::close);
        idle.forEach(JqProcess::close);
    }
}
