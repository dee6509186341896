package dev.redrive.alert;

import dev.redrive.alert.AlertRule.Spec;
import dev.redrive.audit.AuditEvent;
import dev.redrive.audit.AuditStore;
import dev.redrive.http.Call;
import dev.redrive.http.Idempotency;
import dev.redrive.http.ProblemCode;
import dev.redrive.http.RefusedException;
import dev.redrive.http.Reply;
import dev.redrive.http.Routes;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import java.time.Clock;
import java.util.List;

/** The rules. Each change and its audit row, with what was before, are one transaction. */
final class AlertRuleRoutes implements Routes {

    private static final String PATH = "/api/v1/alert-rules";

    private final AlertRuleStore store;
    private final Idempotency idempotency;
    private final AuditStore audit;
    private final Teller teller;
    private final Clock clock;

    AlertRuleRoutes(Pool pool, AuditStore audit, Teller teller, Clock clock) {
        this.store = new AlertRuleStore(pool);
        this.idempotency = new Idempotency(pool);
        this.audit = audit;
        this.teller = teller;
        this.clock = clock;
    }

    @Override
    public void bindTo(RouterBuilder routes) {
        routes.getRoute("listAlertRules").addHandler(Call.answering(call -> list()));
        routes.getRoute("createAlertRule").addHandler(Call.answering(this::create));
        routes.getRoute("getAlertRule").addHandler(Call.answering(call -> get(call.id())));
        routes.getRoute("replaceAlertRule").addHandler(Call.answering(this::replace));
        routes.getRoute("deleteAlertRule").addHandler(Call.answering(this::delete));
    }

    private Future<Reply> list() {
        return store.list()
                .map(rows -> Reply.ok(new JsonObject()
                        .put(
                                "items",
                                new JsonArray(
                                        rows.stream().map(AlertRuleJson::toJson).toList()))
                        .put("total", rows.size())));
    }

    private Future<Reply> get(long id) {
        return AlertRuleStore.find(store.pool(), id)
                .map(found -> found.orElseThrow(() -> unknown(id)))
                .map(row -> Reply.ok(AlertRuleJson.toJson(row)).withVersion(row.getInteger("version")));
    }

    private static RefusedException unknown(long id) {
        return RefusedException.notFound("No alert rule with id " + id);
    }

    private Future<Reply> create(Call call) {
        var spec = AlertRuleJson.read(call.body());
        return idempotency.once(
                call,
                connection -> AlertRuleStore.count(connection)
                        .compose(rules -> rules < AlertRuleStore.MOST
                                ? known(connection, spec)
                                : Future.failedFuture(RefusedException.conflict(
                                        "There are at most " + AlertRuleStore.MOST + " alert rules", List.of())))
                        .compose(known -> AlertRuleStore.create(connection, spec, call.actor()))
                        .map(id -> id.orElseThrow(() -> taken(spec)))
                        .compose(id -> log(connection, call, "alert-rule-created", id, details(spec))
                                .compose(logged -> AlertRuleStore.find(connection, id))
                                .map(found -> found.orElseThrow(() -> unknown(id))))
                        .map(row -> Reply.created(AlertRuleJson.toJson(row))
                                .withVersion(row.getInteger("version"))
                                .with("Location", PATH + "/" + row.getLong("id"))));
    }

    private Future<Reply> replace(Call call) {
        call.requireMatch();
        var spec = AlertRuleJson.read(call.body());
        return store.pool()
                .withTransaction(connection -> locked(connection, call).compose(rule -> {
                    if (rule.condition() != spec.condition()) {
                        throw RefusedException.invalidField(
                                ProblemCode.UNPROCESSABLE,
                                "/condition",
                                "A rule keeps its condition: make another one");
                    }
                    return known(connection, spec)
                            .compose(known -> AlertRuleStore.replace(connection, rule.id(), spec, call.actor()))
                            .map(id -> id.orElseThrow(() -> taken(spec)))
                            .compose(id -> log(
                                    connection,
                                    call,
                                    "alert-rule-changed",
                                    id,
                                    details(spec).put("before", AlertRuleJson.spec(rule.spec()))));
                }))
                .compose(replaced -> get(call.id()));
    }

    private Future<Reply> delete(Call call) {
        call.requireMatch();
        var now = clock.instant();
        return store.pool()
                .withTransaction(connection -> locked(connection, call).compose(rule -> {
                    if (rule.builtIn()) {
                        throw RefusedException.conflict(
                                "A built-in rule is not deleted; switch it off", List.of("replace"));
                    }
                    return EpisodeStore.endAll(connection, rule.id(), now)
                            .compose(ended -> teller.tellEnds(connection, rule, now))
                            .compose(told -> AlertRuleStore.delete(connection, rule.id()))
                            .compose(deleted ->
                                    log(connection, call, "alert-rule-deleted", rule.id(), details(rule.spec())));
                }))
                .map(deleted -> Reply.noContent());
    }

    private static Future<AlertRule> locked(SqlConnection connection, Call call) {
        return AlertRuleStore.lock(connection, call.id()).map(found -> {
            var rule = found.orElseThrow(() -> unknown(call.id()));
            call.checkMatch(rule.version());
            return rule;
        });
    }

    private static Future<Void> known(SqlConnection connection, Spec spec) {
        return AlertRuleStore.unknownEndpoint(connection, spec.endpoints()).map(unknown -> {
            unknown.ifPresent(id -> {
                throw RefusedException.invalidField(
                        ProblemCode.UNPROCESSABLE,
                        "/endpointIds",
                        "There is no endpoint " + id + " that is told of alerts");
            });
            return null;
        });
    }

    private static RefusedException taken(Spec spec) {
        return RefusedException.conflict("There is an alert rule named " + spec.name() + " already", List.of());
    }

    private static JsonObject details(Spec spec) {
        return new JsonObject().put("rule", AlertRuleJson.spec(spec));
    }

    private Future<Void> log(SqlConnection connection, Call call, String action, long id, JsonObject details) {
        var event = new AuditEvent(call.actor(), action, null, PATH + "/" + id, null, details, call.requestId());
        return audit.record(connection, event).compose(recorded -> AlertRuleStore.changed(connection));
    }
}
