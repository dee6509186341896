package dev.redrive.transfer;

import dev.redrive.audit.AuditEvent;
import dev.redrive.audit.AuditStore;
import dev.redrive.http.Call;
import dev.redrive.http.Reply;
import dev.redrive.http.Routes;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import io.vertx.sqlclient.Pool;

/**
 * Letters from a file. Repeatable, because a letter has an identity, so a cut import is simply sent again. In the audit
 * from its beginning: an import that never ended shows.
 */
public final class ImportRoutes implements Routes {

    private final Vertx vertx;
    private final Pool pool;
    private final AuditStore audit;
    private final long mostValueBytes;

    /** @param mostValueBytes as for letters from Kafka */
    public ImportRoutes(Vertx vertx, Pool pool, AuditStore audit, long mostValueBytes) {
        this.vertx = vertx;
        this.pool = pool;
        this.audit = audit;
        this.mostValueBytes = mostValueBytes;
    }

    @Override
    public void bindTo(RouterBuilder routes) {
        routes.getRoute("importDeadLetters").addHandler(Call.answering(this::read));
    }

    private Future<Reply> read(Call call) {
        var read = new LetterImport(vertx, pool, mostValueBytes);
        return record(call, "letters-import-begun", new JsonObject())
                .compose(begun -> read.read(call.request()))
                .compose(report ->
                        record(call, "letters-imported", facts(report)).map(told -> Reply.ok(report)));
    }

    private static JsonObject facts(JsonObject report) {
        var facts = report.copy();
        facts.remove("errors");
        return facts;
    }

    private Future<Void> record(Call call, String action, JsonObject details) {
        var event = new AuditEvent(call.actor(), action, null, "/api/v1/dead-letters", null, details, call.requestId());
        return pool.withTransaction(connection -> audit.record(connection, event));
    }
}
