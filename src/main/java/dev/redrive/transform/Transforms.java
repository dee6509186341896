package dev.redrive.transform;

import dev.redrive.http.ProblemCode;
import dev.redrive.http.RefusedException;
import dev.redrive.transform.JqProcess.LostException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Runs programs over values, at most two at a time in this process, each in a JVM of its own that is kept for the next one
 * and killed when a value takes longer than a second. docs/transform.md says what a program can and cannot do. May be used
 * from every thread.
 */
public final class Transforms {

    private static final int AT_ONCE = 2;
    private static final Duration A_VALUE = Duration.ofSeconds(1);
    /** Of one call: whoever waits for a worker does not wait much longer than this. */
    private static final long A_CALL_NANOS = TimeUnit.SECONDS.toNanos(4);

    private static final Duration READING = Duration.ofSeconds(5);

    /** Lost processes in a row after which a program is not run for a minute. */
    private static final int MOST_LOST = 5;

    private static final long REFUSED_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final int MOST_REMEMBERED = 100;

    private final Duration aValue;
    private final WorkerExecutor workers;
    private final JqProcesses processes;
    private final Map<String, Lost> lost = new ConcurrentHashMap<>();

    private record Lost(int times, long at) {}

    /** Starts nothing until a program is there. */
    public Transforms(Vertx vertx) {
        this(vertx, A_VALUE);
    }

    /** @param aValue after which the process that works on a value is killed */
    Transforms(Vertx vertx, Duration aValue) {
        this.aValue = aValue;
        this.processes = new JqProcesses(vertx);
        this.workers = vertx.createSharedWorkerExecutor("redrive-transform", AT_ONCE, 2, TimeUnit.MINUTES);
    }

    /**
     * @param pointer JSON pointer to the program in the body, for the error
     * @return fails with {@code unprocessable}, {@code position} and {@code detail} where the program cannot be read
     */
    public Future<Void> check(Transform transform, String pointer) {
        return read(transform.program()).map(found -> {
            if (found.isPresent()) {
                var invalid = found.get();
                var position = invalid.position() < 0 ? null : invalid.position();
                var error = new JsonObject()
                        .put("pointer", pointer)
                        .put("detail", invalid.message())
                        .put("position", position);
                throw new RefusedException(
                        ProblemCode.UNPROCESSABLE,
                        invalid.message(),
                        new JsonObject().put("errors", new JsonArray().add(error)));
            }
            return null;
        });
    }

    /** @return empty where it can be read */
    Future<Optional<JqProcess.Invalid>> read(String program) {
        return workers.executeBlocking(() -> readNow(program), false);
    }

    private Optional<JqProcess.Invalid> readNow(String program) throws IOException {
        var process = processes.take();
        try {
            var invalid = process.check(program, READING);
            processes.keep(process);
            return invalid;
        } catch (LostException tooMuch) {
            processes.forget(process);
            return Optional.of(new JqProcess.Invalid(-1, "The program takes too long to read"));
        }
    }

    /**
     * @param values bounded by the caller: all of them are held in memory, and a worker is busy for a second with each at
     *     most. Null is a tombstone
     * @return what became of the first ones, in the same order, one at least; what is not done within 4 s is left to the
     *     next call. Fails only where no process can be started
     */
    public Future<List<Transformed>> apply(Transform transform, List<@Nullable Buffer> values) {
        return workers.executeBlocking(
                () -> {
                    var made = new ArrayList<Transformed>();
                    long deadline = System.nanoTime() + A_CALL_NANOS;
                    for (var value : values) {
                        made.add(apply(transform.program(), value));
                        if (System.nanoTime() > deadline) {
                            break;
                        }
                    }
                    return List.copyOf(made);
                },
                false);
    }

    private Transformed apply(String program, @Nullable Buffer value) throws IOException {
        if (value == null) {
            return new Transformed.Failed("is absent: a tombstone has nothing to change");
        }
        if (value.length() > Frames.LARGEST) {
            return new Transformed.Failed("is larger than 4 MiB");
        }
        if (isRefused(program)) {
            return new Transformed.Failed("was not looked at: the program was stopped " + MOST_LOST
                    + " times in a row for taking too long or too much memory");
        }
        var process = processes.take();
        try {
            var made = process.run(program, value.getBytes(), aValue);
            processes.keep(process);
            lost.remove(program);
            return made;
        } catch (LostException gone) {
            processes.forget(process);
            remember(program);
            return new Transformed.Failed(
                    gone.tooLong()
                            ? "takes the program longer than " + aValue.toSeconds() + " s"
                            : "takes the program more memory than there is for it");
        }
    }

    private boolean isRefused(String program) {
        var before = lost.get(program);
        return before != null && before.times() >= MOST_LOST && System.nanoTime() - before.at() < REFUSED_NANOS;
    }

    private void remember(String program) {
        if (lost.size() >= MOST_REMEMBERED) {
            lost.clear();
        }
        lost.merge(program, new Lost(1, System.nanoTime()), (before, one) -> new Lost(before.times() + 1, one.at()));
    }

    /** Whoever still waits gets a failure of its value. */
    public Future<Void> close() {
        processes.close();
        return workers.close();
    }
}
