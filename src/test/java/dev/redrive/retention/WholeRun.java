package dev.redrive.retention;

import dev.redrive.audit.AuditStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import java.time.Duration;

/** One run of the retention, as the verticle makes it, for benchmarks. */
public final class WholeRun {

    private WholeRun() {}

    /** @param keepFor of the one rule, for recovered letters. @return how many letters were purged */
    public static Future<Long> of(Vertx vertx, Pool pool, String keepFor) {
        var rule = new JsonObject()
                .put("statuses", new JsonArray().add("recovered"))
                .put("keepFor", keepFor);
        var runs = new RunStore(pool, new AuditStore(pool));
        return runs.begin(RetentionRule.read(new JsonArray().add(rule)), Duration.ZERO)
                .compose(run -> new RetentionRun(vertx, runs, run.orElseThrow(), () -> Future.succeededFuture(true))
                        .walk()
                        .compose(complete -> runs.finish(run.orElseThrow().id(), complete)))
                .compose(finished -> runs.latest())
                .map(run -> run.orElseThrow().letters());
    }
}
