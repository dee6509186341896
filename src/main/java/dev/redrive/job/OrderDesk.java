package dev.redrive.job;

import dev.redrive.audit.AuditEvent;
import dev.redrive.audit.AuditStore;
import dev.redrive.http.Call;
import dev.redrive.http.Idempotency;
import dev.redrive.http.ProblemCode;
import dev.redrive.http.RefusedException;
import dev.redrive.http.Reply;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What all share who order and steer jobs.
 *
 * @param works by their type
 * @param wake there is something to do
 */
record OrderDesk(
        JobStore store,
        AuditStore audit,
        Idempotency idempotency,
        Map<String, Work> works,
        JobView view,
        JobWait waiting,
        Runnable wake) {

    static void allow(Call call, Work work, String permission) {
        if (!call.caller().permissions().contains(permission)) {
            throw new RefusedException(
                    ProblemCode.FORBIDDEN, "This job of type " + work.type() + " needs the permission " + permission);
        }
    }

    /** The job of the path; fails with 404 where there is none. */
    Future<Job> found(Call call) {
        return store.find(id(call)).map(job -> there(call, job));
    }

    UUID id(Call call) {
        return UUID.fromString(call.pathParameter("id"));
    }

    Job there(Call call, Optional<Job> found) {
        return found.orElseThrow(() -> RefusedException.notFound("There is no job " + id(call)));
    }

    /** Null for a type that this version does not know. */
    @Nullable
    Work workOf(Job job) {
        return works.get(job.order().type());
    }

    /** In the transaction that also keeps the answer for whoever asks again with the same key. */
    Future<Reply> order(SqlConnection connection, JobStore.NewJob job, Call call) {
        return store.order(connection, job, call.requestId())
                .compose(ordered -> record(
                                connection,
                                call,
                                ordered,
                                "job-created",
                                ordered.order().reason())
                        .compose(recorded -> view.of(ordered))
                        .map(json -> Reply.accepted(
                                json, JobJson.pathOf(ordered.order().id()))));
    }

    Future<Void> record(SqlConnection connection, Call call, Job job, String action, @Nullable String reason) {
        return audit.record(
                connection,
                new AuditEvent(
                        call.actor(),
                        action,
                        null,
                        JobJson.pathOf(job.order().id()),
                        reason,
                        JobStore.facts(job),
                        call.requestId()));
    }

    /** After the commit. @return the job at its end, where the caller prefers to wait and that is soon enough */
    Future<Reply> begin(Call call, Reply ordered) {
        wake.run();
        return waiting.until(call.header("Prefer"), ordered);
    }
}
