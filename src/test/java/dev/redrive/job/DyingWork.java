package dev.redrive.job;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import java.util.List;

/** Loses its connection in the first three batches, as when Postgres is restarted. */
final class DyingWork implements Work {

    private int deaths = 3;

    @Override
    public String type() {
        return "die";
    }

    @Override
    public JsonObject options(JsonObject options) {
        return options;
    }

    @Override
    public Future<Outcome> apply(SqlConnection connection, JobOrder job, List<LockedLetter> letters) {
        var done = new Outcome(
                letters.stream()
                        .map(letter -> new Done(letter.id(), letter.version(), null))
                        .toList(),
                List.of());
        return deaths-- <= 0
                ? Future.succeededFuture(done)
                : connection
                        .query("SELECT pg_terminate_backend(pg_backend_pid())")
                        .execute()
                        .map(done);
    }
}
