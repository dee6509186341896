package dev.redrive.alert;

import dev.redrive.audit.AuditEvent;
import dev.redrive.audit.AuditStore;
import dev.redrive.http.Call;
import dev.redrive.http.Keyset;
import dev.redrive.http.RefusedException;
import dev.redrive.http.Reply;
import dev.redrive.http.Routes;
import dev.redrive.http.Times;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What fires and has fired. */
final class AlertRoutes implements Routes {

    private static final String PATH = "/api/v1/alerts";

    private final Pool pool;
    private final Pool reading;
    private final AuditStore audit;
    private final Links links;
    private final Clock clock;

    /** @param reading with a short statement timeout */
    AlertRoutes(Pool pool, Pool reading, AuditStore audit, Links links, Clock clock) {
        this.pool = pool;
        this.reading = reading;
        this.audit = audit;
        this.links = links;
        this.clock = clock;
    }

    @Override
    public void bindTo(RouterBuilder routes) {
        routes.getRoute("listAlerts").addHandler(Call.answering(this::list));
        routes.getRoute("getAlert").addHandler(Call.answering(this::get));
        routes.getRoute("acknowledgeAlert").addHandler(Call.answering(this::acknowledge));
    }

    private Future<Reply> list(Call call) {
        var state = call.query("state");
        var rule = call.query("ruleId");
        var keyset = Keyset.of(call, "alerts " + state + " " + rule);
        return AlertListStore.page(
                        reading, state, rule == null ? null : Long.valueOf(rule), keyset.beforeId(), keyset.fetch())
                .map(found -> Reply.ok(keyset.page(found, Episode::id, this::toJson)));
    }

    private Future<Reply> get(Call call) {
        return found(call).map(alert -> Reply.ok(toJson(alert)));
    }

    private Future<Episode> found(Call call) {
        return AlertListStore.find(reading, call.id())
                .map(found -> found.orElseThrow(() -> RefusedException.notFound("No alert with id " + call.id())));
    }

    private Future<Reply> acknowledge(Call call) {
        var note = call.body().getString("note");
        return found(call)
                .compose(known -> pool.withTransaction(connection -> AlertListStore.acknowledge(
                                connection, known.id(), call.actor(), note, clock.instant())
                        .map(acknowledged -> acknowledged.orElseThrow(
                                () -> RefusedException.conflict("The alert is over", List.of())))
                        .compose(alert -> log(connection, call, alert, note).map(alert))))
                .map(alert -> Reply.ok(toJson(alert)));
    }

    private Future<Void> log(SqlConnection connection, Call call, Episode alert, @Nullable String note) {
        var details = new JsonObject()
                .put("rule", alert.ruleName())
                .put("condition", alert.condition().word());
        var event = new AuditEvent(
                call.actor(), "alert-acknowledged", null, PATH + "/" + alert.id(), note, details, call.requestId());
        return audit.record(connection, event).compose(recorded -> AlertRuleStore.changed(connection));
    }

    private JsonObject toJson(Episode alert) {
        var rule = alert.ruleId();
        var suppression = alert.suppression();
        return new JsonObject()
                .put("id", Long.toString(alert.id()))
                .put("ruleId", rule == null ? null : Long.toString(rule))
                .put("ruleName", alert.ruleName())
                .put("condition", alert.condition().word())
                .put("severity", alert.severity())
                .put("state", alert.state())
                .put("subject", alert.subject().toJson())
                .put("title", alert.title())
                .put("count", alert.count())
                .put("since", Times.rfc3339(alert.since()))
                .put("firedAt", time(alert.firedAt()))
                .put("resolvedAt", time(alert.resolvedAt()))
                .put("lastNotifiedAt", time(alert.toldAt()))
                .put("suppressedBy", suppression == null ? null : suppression.toJson())
                .put("acknowledgedBy", alert.acknowledgedBy())
                .put("acknowledgedAt", time(alert.acknowledgedAt()))
                .put("link", links.page(alert.path()))
                .put("runbookUrl", alert.runbook());
    }

    private static @Nullable String time(@Nullable Instant time) {
        return time == null ? null : Times.rfc3339(time);
    }
}
