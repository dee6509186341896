package dev.redrive.job;

import dev.redrive.http.Reply;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * {@code Prefer: wait=n} of RFC 7240: an answer with the job at its end, or where it is held and somebody has to look, if
 * that comes soon enough.
 */
final class JobWait {

    private static final Duration MOST = Duration.ofSeconds(60);
    private static final Pattern WAIT = Pattern.compile("(?:^|[,;\\s])wait\\s*=\\s*(\\d{1,5})(?:$|[,;\\s])");
    private static final long FIRST_LOOK_MILLIS = 15;
    private static final long LAST_LOOK_MILLIS = 500;

    private final Vertx vertx;
    private final JobStore store;
    private final Function<Job, Future<JsonObject>> json;

    JobWait(Vertx vertx, JobStore store, Function<Job, Future<JsonObject>> json) {
        this.vertx = vertx;
        this.store = store;
        this.json = json;
    }

    /** @param now answered where the caller does not want to wait, or waited in vain */
    Future<Reply> until(@Nullable String prefer, Reply now) {
        var matcher = WAIT.matcher(prefer == null ? "" : prefer);
        var body = now.body();
        if (!matcher.find() || body == null) {
            return Future.succeededFuture(now);
        }
        long seconds = Math.min(MOST.toSeconds(), Long.parseLong(matcher.group(1)));
        Promise<Reply> promise = Promise.promise();
        look(UUID.fromString(body.getString("id")), now, System.nanoTime() + seconds * 1_000_000_000, 0, promise);
        return promise.future();
    }

    /** With a promise, because a chain of composed looks would grow for as long as it waits. */
    private void look(UUID id, Reply now, long deadline, long pause, Promise<Reply> promise) {
        store.find(id).onFailure(promise::fail).onSuccess(found -> {
            var job = found.orElseThrow();
            boolean over = JobJson.isOver(job);
            if (over || job.state() == Job.State.PAUSED || System.nanoTime() > deadline) {
                int status = over ? 200 : now.status();
                json.apply(job)
                        .map(body -> new Reply(status, body, Map.copyOf(now.headers())).withVersion(job.version()))
                        .onComplete(promise);
            } else {
                long next = Math.min(LAST_LOOK_MILLIS, pause + FIRST_LOOK_MILLIS);
                vertx.setTimer(next, timer -> look(id, now, deadline, next, promise));
            }
        });
    }
}
