package dev.redrive.retention;

import dev.redrive.audit.AuditEvent;
import dev.redrive.audit.AuditStore;
import dev.redrive.http.Call;
import dev.redrive.http.ProblemCode;
import dev.redrive.http.RefusedException;
import dev.redrive.http.Reply;
import dev.redrive.http.Routes;
import dev.redrive.http.Times;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import java.time.Instant;
import java.util.List;

/** Shows and replaces the rules. The change and its audit row, with what was before, are one transaction. */
final class RetentionRoutes implements Routes {

    static final String PATH = "/api/v1/settings/retention";

    private final RetentionStore store;
    private final RunStore runs;
    private final AuditStore audit;
    private final Pool reading;

    RetentionRoutes(RetentionStore store, RunStore runs, AuditStore audit, Pool reading) {
        this.store = store;
        this.runs = runs;
        this.audit = audit;
        this.reading = reading;
    }

    @Override
    public void bindTo(RouterBuilder routes) {
        routes.getRoute("getRetention").addHandler(Call.answering(this::get));
        routes.getRoute("replaceRetention").addHandler(Call.answering(this::replace));
        routes.getRoute("previewRetention").addHandler(Call.answering(this::preview));
    }

    private Future<Reply> get(Call call) {
        return store.find().compose(this::reply);
    }

    private Future<Reply> reply(RetentionStore.Rules rules) {
        return runs.latest()
                .map(latest -> Reply.ok(new JsonObject()
                                .put("version", rules.version())
                                .put("rules", RetentionRule.toJson(rules.rules()))
                                .put("updatedAt", Times.rfc3339(rules.updatedAt()))
                                .put("updatedBy", rules.updatedBy())
                                .put("effectiveAt", Times.rfc3339(rules.effectiveAt()))
                                .put("lastRun", latest.map(RunStore::toJson).orElse(null)))
                        .withVersion(rules.version()));
    }

    private Future<Reply> replace(Call call) {
        call.requireMatch();
        var rules = RetentionRule.read(call.body().getJsonArray("rules"));
        return store.pool()
                .withTransaction(connection -> RetentionStore.lock(connection)
                        .map(before -> {
                            call.checkMatch(before.version());
                            return before;
                        })
                        .compose(before -> known(connection, rules).map(before))
                        .compose(before -> RetentionStore.replace(connection, rules, call.actor())
                                .compose(replaced -> record(connection, call, before.rules(), rules))))
                .compose(replaced -> store.find())
                .compose(this::reply);
    }

    private static Future<Void> known(SqlConnection connection, List<RetentionRule> rules) {
        return RetentionStore.unknownGroup(connection, rules).map(place -> {
            place.ifPresent(i -> {
                throw RefusedException.invalidField(
                        ProblemCode.UNPROCESSABLE,
                        "/rules/" + i + "/failureGroupId",
                        "There is no failure group " + rules.get(i).failureGroup());
            });
            return null;
        });
    }

    private Future<Void> record(
            SqlConnection connection, Call call, List<RetentionRule> before, List<RetentionRule> after) {
        var details =
                new JsonObject().put("before", RetentionRule.toJson(before)).put("after", RetentionRule.toJson(after));
        return audit.record(
                connection,
                new AuditEvent(
                        call.actor(),
                        "retention-changed",
                        null,
                        PATH,
                        call.body().getString("reason"),
                        details,
                        call.requestId()));
    }

    private Future<Reply> preview(Call call) {
        var rules = RetentionRule.read(call.body().getJsonArray("rules"));
        return RetentionPreview.of(reading, rules)
                .map(counts ->
                        Reply.ok(new JsonObject().put("counts", counts).put("asOf", Times.rfc3339(Instant.now()))));
    }
}
