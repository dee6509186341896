package dev.redrive.replay;

import dev.redrive.http.ProblemCode;
import dev.redrive.http.RefusedException;
import dev.redrive.http.Reply;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** {@code Prefer: wait=n} of RFC 7240: an answer with the fate of a replay, if that comes soon enough. */
final class ReplayWait {

    private static final Duration MOST = Duration.ofSeconds(60);
    private static final Pattern WAIT = Pattern.compile("(?:^|[,;\\s])wait\\s*=\\s*(\\d{1,5})(?:$|[,;\\s])");
    private static final long LEAST_PAUSE_MILLIS = 8;
    private static final long MOST_PAUSE_MILLIS = 250;

    /** A look comes late by at most this part of what was waited for so far. */
    private static final int PART = 6;

    private final Vertx vertx;
    private final ReplayStore store;

    ReplayWait(Vertx vertx, ReplayStore store) {
        this.vertx = vertx;
        this.store = store;
    }

    /** @return zero where the caller does not want to wait */
    static Duration asked(@Nullable String prefer) {
        var matcher = WAIT.matcher(prefer == null ? "" : prefer);
        if (!matcher.find()) {
            return Duration.ZERO;
        }
        var asked = Duration.ofSeconds(Long.parseLong(matcher.group(1)));
        return asked.compareTo(MOST) < 0 ? asked : MOST;
    }

    /** @param accepted answered where the replay is not settled in time */
    Future<Reply> until(Duration patience, Reply accepted) {
        var body = accepted.body();
        if (patience.isZero() || body == null) {
            return Future.succeededFuture(accepted);
        }
        Promise<Reply> promise = Promise.promise();
        long now = System.nanoTime();
        look(UUID.fromString(body.getString("id")), accepted, now, now + patience.toNanos(), promise);
        return promise.future();
    }

    /** With a promise, because a chain of composed looks would grow for as long as it waits. */
    private void look(UUID id, Reply accepted, long since, long deadline, Promise<Reply> promise) {
        store.find(id).onFailure(promise::fail).onSuccess(found -> {
            var replay = found.orElseThrow();
            if (replay.state() == ReplayState.UNCERTAIN) {
                promise.fail(new RefusedException(
                        ProblemCode.OUTCOME_UNKNOWN,
                        "It cannot be proven whether the record was written",
                        new JsonObject().put("instance", ReplayEvents.pathOf(id))));
            } else if (replay.state().isSettled()) {
                promise.complete(new Reply(200, ReplayJson.of(replay), accepted.headers()));
            } else if (System.nanoTime() > deadline) {
                promise.complete(new Reply(accepted.status(), ReplayJson.of(replay), accepted.headers()));
            } else {
                long part = (System.nanoTime() - since) / 1_000_000 / PART;
                long pause = Math.max(LEAST_PAUSE_MILLIS, Math.min(MOST_PAUSE_MILLIS, part));
                vertx.setTimer(pause, timer -> look(id, accepted, since, deadline, promise));
            }
        });
    }
}
