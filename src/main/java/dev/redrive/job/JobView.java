package dev.redrive.job;

import static java.util.stream.Collectors.groupingBy;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlClient;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Jobs as people see them: what the engine knows of them, and what their work says besides. */
final class JobView {

    private final Pool pool;
    private final Map<String, Work> works;

    JobView(Pool pool, Map<String, Work> works) {
        this.pool = pool;
        this.works = works;
    }

    Future<JsonObject> of(Job job) {
        return of(pool, job);
    }

    /** @param client a connection whose transaction changes the job */
    Future<JsonObject> of(SqlClient client, Job job) {
        return of(client, List.of(job)).map(seen -> seen.get(job.order().id()));
    }

    /** @return by id; one question for each type of job */
    Future<Map<UUID, JsonObject>> of(List<Job> jobs) {
        return of(pool, jobs);
    }

    private Future<Map<UUID, JsonObject>> of(SqlClient client, List<Job> jobs) {
        var progress = new HashMap<UUID, JsonObject>();
        Future<Void> asked = Future.succeededFuture();
        var types = jobs.stream().collect(groupingBy(job -> job.order().type()));
        for (var type : types.entrySet()) {
            var work = works.get(type.getKey());
            if (work != null) {
                var ids = type.getValue().stream().map(job -> job.order().id()).toList();
                asked = asked.compose(before -> work.progress(client, ids).onSuccess(progress::putAll))
                        .mapEmpty();
            }
        }
        return asked.map(all -> {
            var seen = new HashMap<UUID, JsonObject>();
            for (var job : jobs) {
                var id = job.order().id();
                seen.put(id, JobJson.of(job, isUndoable(job), isChangeable(job), retries(job), progress.get(id)));
            }
            return Map.copyOf(seen);
        });
    }

    boolean isUndoable(Job job) {
        var work = works.get(job.order().type());
        return work != null && work.isUndoable();
    }

    /** Results whose letters another job may take up again. */
    List<String> retries(Job job) {
        var work = works.get(job.order().type());
        return work == null || job.order().undoes() != null ? List.of() : work.retries();
    }

    private boolean isChangeable(Job job) {
        var work = works.get(job.order().type());
        return work != null && !work.changeable().isEmpty();
    }
}
