package dev.redrive.cli;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Set;

/** Waits for the end of a job or of a replay, through restarts of Redrive. */
final class Waiting {

    private static final Set<String> MOVING = Set.of("scheduled", "running");
    private static final Set<String> ON_ITS_WAY = Set.of("held", "queued", "sending");

    /** Redrive answers at the end of a job; a held one shows only when it answers at all. */
    private static final int ONE_LOOK_SECONDS = 3;

    private static final Duration PAUSE = Duration.ofMillis(300);

    private final Api api;
    private final Output output;
    private final long deadline;

    /** @param seconds altogether, 0 to look once */
    Waiting(Api api, Output output, int seconds) {
        if (seconds < 0) {
            throw Failure.usage("Nobody can wait for less than 0 seconds");
        }
        this.api = api;
        this.output = output;
        this.deadline = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
    }

    /** @return as it was at its end, when it was held, or when the time was over */
    JsonObject forJob(JsonObject ordered) {
        var job = ordered;
        while (MOVING.contains(job.getString("state")) && isTime()) {
            job = look("/jobs/" + job.getString("id"), job, "Prefer", "wait=" + ONE_LOOK_SECONDS);
        }
        return job;
    }

    /** @return as it was when it was settled, or when the time was over */
    JsonObject forReplay(JsonObject asked) {
        var replay = asked;
        while (ON_ITS_WAY.contains(replay.getString("state")) && isTime()) {
            pause();
            replay = look("/replays/" + replay.getString("id"), replay);
        }
        return replay;
    }

    private JsonObject look(String path, JsonObject last, String... headers) {
        try {
            return api.get(path, headers).orFail().body();
        } catch (Failure failure) {
            if (failure.exit() != Exit.UNEXPECTED || !isTime()) {
                throw failure;
            }
            output.note("Asking again: " + failure.what());
            pause();
            return last;
        }
    }

    private boolean isTime() {
        return System.nanoTime() < deadline;
    }

    /** Sleeps, because a command has one thread, no event loop, and nothing else to do meanwhile. */
    private static void pause() {
        try {
            Thread.sleep(PAUSE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure(Exit.UNKNOWN, "Interrupted while waiting", null);
        }
    }
}
