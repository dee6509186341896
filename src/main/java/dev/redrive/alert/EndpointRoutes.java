package dev.redrive.alert;

import dev.redrive.audit.AuditEvent;
import dev.redrive.audit.AuditStore;
import dev.redrive.http.Call;
import dev.redrive.http.ProblemCode;
import dev.redrive.http.RefusedException;
import dev.redrive.http.Reply;
import dev.redrive.http.Routes;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Endpoints that people keep. Each change and its audit row are one transaction; every loop sees it within a second. */
final class EndpointRoutes implements Routes {

    static final String PATH = "/api/v1/webhooks";

    private final EndpointDeskStore store;
    private final EndpointKeeper keeper;
    private final EndpointTests tests;
    private final AuditStore audit;
    private final String publicUrl;

    EndpointRoutes(
            EndpointDeskStore store, EndpointKeeper keeper, EndpointTests tests, AuditStore audit, String publicUrl) {
        this.store = store;
        this.keeper = keeper;
        this.tests = tests;
        this.audit = audit;
        this.publicUrl = publicUrl;
    }

    @Override
    public void bindTo(RouterBuilder routes) {
        routes.getRoute("listWebhooks").addHandler(Call.answering(this::list));
        routes.getRoute("getWebhook").addHandler(Call.answering(this::get));
        routes.getRoute("replaceWebhook").addHandler(Call.answering(this::replace));
        routes.getRoute("deleteWebhook").addHandler(Call.answering(this::delete));
        routes.getRoute("activateWebhook").addHandler(Call.answering(this::activate));
        routes.getRoute("testWebhook").addHandler(Call.answering(this::test));
        routes.getRoute("rotateWebhookSecret").addHandler(Call.answering(this::rotate));
    }

    private Future<Reply> list(Call call) {
        return store.list()
                .map(rows -> Reply.ok(new JsonObject()
                        .put(
                                "items",
                                new JsonArray(
                                        rows.stream().map(EndpointJson::of).toList()))));
    }

    private Future<Reply> get(Call call) {
        return found(call).map(row -> Reply.ok(EndpointJson.of(row)).withVersion(row.getInteger("version")));
    }

    private Future<Row> found(Call call) {
        return store.find(call.id()).map(found -> found.orElseThrow(() -> none(call)));
    }

    private static RefusedException none(Call call) {
        return RefusedException.notFound("No endpoint with id " + call.id());
    }

    /** @param endpoint whose owner it would be; null for a new one */
    static Future<Void> requireOwner(
            EndpointDeskStore store, SqlConnection connection, EndpointEdit edit, @Nullable Integer endpoint) {
        if (edit.owner() == null) {
            return Future.succeededFuture();
        }
        return store.canOwn(connection, edit.owner(), endpoint)
                .compose(can -> can
                        ? Future.succeededFuture()
                        : Future.failedFuture(RefusedException.invalidField(
                                ProblemCode.UNPROCESSABLE,
                                "/ownerEndpointId",
                                "Another endpoint that is told of alerts, no heartbeat and not itself")));
    }

    private Future<Reply> replace(Call call) {
        var edit = EndpointEdit.of(call.body());
        return found(call)
                .compose(row -> kept(row, edit))
                .compose(kept -> change(
                        call,
                        (connection, row) -> requireOwner(store, connection, edit, row.getInteger("id"))
                                .compose(owner ->
                                        store.change(connection, row.getInteger("id"), edit, kept.orElse(null)))
                                .map(changed -> changed.orElseThrow(() -> taken(edit)))
                                .compose(id -> store.read(connection, id))
                                .compose(changed -> log(connection, call, "webhook-changed", changed))))
                .map(row -> Reply.ok(EndpointJson.of(row)).withVersion(row.getInteger("version")));
    }

    /** The name server is asked before the row is locked. */
    private Future<Optional<EndpointKeeper.Kept>> kept(Row row, EndpointEdit edit) {
        var kind = EndpointKind.of(row.getString("kind"));
        if (edit.kind() != null && edit.kind() != kind) {
            throw RefusedException.invalidField(
                    ProblemCode.UNPROCESSABLE, "/kind", "An endpoint keeps its kind; remove it and add another one");
        }
        return edit.address() == null
                ? Future.succeededFuture(Optional.empty())
                : keeper.keep(kind, edit.address(), row.getUUID("seal")).map(Optional::of);
    }

    private Future<Reply> delete(Call call) {
        return change(
                        call,
                        (connection, row) -> store.remove(connection, row.getInteger("id"))
                                .compose(removed -> log(connection, call, "webhook-removed", row)))
                .map(row -> Reply.noContent());
    }

    private Future<Row> change(Call call, BiFunction<SqlConnection, Row, Future<Row>> change) {
        call.requireMatch();
        return store.pool()
                .withTransaction(connection -> store.lock(connection, call.id()).compose(found -> {
                    var row = found.orElseThrow(() -> none(call));
                    call.checkMatch(row.getInteger("version"));
                    return change.apply(connection, own(row));
                }));
    }

    /** @return the row, if it is one that people keep */
    private static Row own(Row row) {
        if (row.getBoolean("from_settings")) {
            throw RefusedException.conflict(
                    "This endpoint is in the settings (REDRIVE_WEBHOOK_URL); whoever runs Redrive changes it there",
                    List.of());
        }
        return row;
    }

    /** Also one of the settings: what it did is no setting. */
    private Future<Reply> activate(Call call) {
        return store.pool()
                .withTransaction(connection -> store.lock(connection, call.id()).compose(found -> {
                    var row = found.orElseThrow(() -> none(call));
                    int id = row.getInteger("id");
                    if (!row.getString("state").equals("disabled")) {
                        throw RefusedException.conflict("The endpoint is not switched off", List.of());
                    }
                    return store.activate(connection, id)
                            .compose(activated -> store.read(connection, id))
                            .compose(active -> log(connection, call, "webhook-switched-on", active));
                }))
                .map(row -> Reply.ok(EndpointJson.of(row)).withVersion(row.getInteger("version")));
    }

    private Future<Reply> test(Call call) {
        return found(call)
                .compose(row -> row.getString("state").equals("active")
                        ? tests.run(call, row)
                        : Future.failedFuture(RefusedException.conflict(
                                "The endpoint is not active: " + row.getString("disabled_reason"), List.of())))
                .compose(delivery -> tests.toJson(delivery, publicUrl))
                .map(Reply::ok);
    }

    private Future<Reply> rotate(Call call) {
        return store.pool()
                .withTransaction(connection -> store.lock(connection, call.id()).compose(found -> {
                    var row = own(found.orElseThrow(() -> none(call)));
                    if (!row.getString("kind").equals(EndpointKind.WEBHOOK.word())) {
                        throw RefusedException.conflict(
                                "Only endpoints of kind webhook have a secret of ours", List.of());
                    }
                    var secret = keeper.secret(row.getUUID("seal"));
                    return store.rotate(connection, row.getInteger("id"), secret.sealed())
                            .compose(rotated -> log(connection, call, "webhook-secret-rotated", row))
                            .map(secret);
                }))
                .map(secret -> Reply.created(new JsonObject().put("secret", secret.text())));
    }

    static RefusedException taken(EndpointEdit edit) {
        return RefusedException.conflict("There is an endpoint named " + edit.name() + " already", List.of());
    }

    private Future<Row> log(SqlConnection connection, Call call, String action, Row row) {
        return audit.record(connection, event(call, action, row)).map(row);
    }

    static AuditEvent event(Call call, String action, Row row) {
        var details = new JsonObject()
                .put("name", row.getString("name"))
                .put("kind", row.getString("kind"))
                .put("address", row.getString("address_hint"))
                .put("allowsPayload", row.getBoolean("allows_payload"))
                .put("enabled", row.getBoolean("enabled"));
        return new AuditEvent(
                call.actor(), action, null, PATH + "/" + row.getInteger("id"), null, details, call.requestId());
    }
}
