package dev.redrive.cluster;

import dev.redrive.Failpoint;
import dev.redrive.http.ProblemCode;
import dev.redrive.http.RefusedException;
import dev.redrive.job.JobOrder;
import dev.redrive.job.LockedLetter;
import dev.redrive.job.Work;
import dev.redrive.letter.LetterWalk.Slice;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Watches ingest read a topic again. The positions went back in the transaction of the order, and ingest does the reading
 * and the counting, in whichever process owns a partition; what is left is to see when a partition is where it stood, and
 * to put positions back for who pauses or cancels. docs/ingest.md has the table of crashes.
 */
final class RewindWork implements Work {

    static final String TYPE = "rewind";

    private static final Duration LOOK = Duration.ofMillis(500);

    @Override
    public String type() {
        return TYPE;
    }

    /** Without the positions that go back before it the job would mean nothing. */
    @Override
    public JsonObject options(JsonObject options) {
        throw RefusedException.invalidField(
                ProblemCode.VALIDATION_FAILED, "/type", "Ask POST /api/v1/topics/{name}/rewinds for it");
    }

    /** It is about records, and ingest finds their letters. */
    @Override
    public Future<Slice> letters(SqlConnection connection, JobOrder job, long below, int limit) {
        return Future.succeededFuture(new Slice(List.of(), 0, true));
    }

    @Override
    public Future<Outcome> apply(SqlConnection connection, JobOrder job, List<LockedLetter> letters) {
        throw new UnsupportedOperationException(TYPE);
    }

    @Override
    public boolean goesOn() {
        return true;
    }

    @Override
    public Future<Step> goOn(SqlConnection connection, JobOrder job) {
        return RewindJobStore.endReached(connection, job.id())
                .compose(ended -> RewindJobStore.progress(connection, List.of(job.id())))
                .compose(found -> turn(connection, job, found.get(job.id())));
    }

    private static Future<Step> turn(SqlConnection connection, JobOrder job, @Nullable RewindProgress at) {
        if (at == null) {
            return Future.failedFuture("Nothing is known of what is read again");
        }
        var counted = new Counted(at.added(), at.known());
        if (at.isOver()) {
            return RewindJobStore.end(connection, job.id()).map(new End(false, counted));
        }
        if (at.madeAgain()) {
            return Future.succeededFuture(new Hold(
                    "The topic was made again, and of the one before nothing can be read any more. Cancel the job"));
        }
        if (at.gone()) {
            return Future.succeededFuture(
                    new Hold(
                            "The topic " + at.topic()
                                    + " does not exist any more, or Redrive may not see it, so nothing of it can be read. Cancel the job"));
        }
        boolean moved = at.passed() != at.told();
        boolean anew = at.isPaceOld();
        var step = new Again(LOOK, moved, counted);
        return moved || anew
                ? RewindJobStore.counted(connection, job.id(), at.passed(), anew)
                        .map(step)
                : Future.succeededFuture(step);
    }

    /** Letters that come in go first until it is resumed. */
    @Override
    public Future<Void> paused(SqlConnection connection, JobOrder job) {
        return RewindJobStore.putBack(connection, job.id());
    }

    @Override
    public Future<Void> resumed(SqlConnection connection, JobOrder job) {
        return RewindJobStore.goBackAgain(connection, job.id());
    }

    @Override
    public Future<Boolean> clear(SqlConnection connection, JobOrder job) {
        return RewindJobStore.putBack(connection, job.id())
                .onSuccess(back -> Failpoint.pass("rewind.put-back"))
                .compose(back -> RewindJobStore.end(connection, job.id()))
                .map(false);
    }

    @Override
    public Future<Map<UUID, JsonObject>> progress(SqlClient client, List<UUID> jobs) {
        return RewindJobStore.progress(client, jobs).map(found -> {
            var json = new HashMap<UUID, JsonObject>();
            found.forEach((id, progress) -> json.put(id, progress.toJson()));
            return json;
        });
    }
}
