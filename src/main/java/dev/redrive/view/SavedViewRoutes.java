package dev.redrive.view;

import dev.redrive.audit.AuditEvent;
import dev.redrive.audit.AuditStore;
import dev.redrive.filter.FilterException;
import dev.redrive.filter.FilterParser;
import dev.redrive.filter.FilterText;
import dev.redrive.http.Call;
import dev.redrive.http.ProblemCode;
import dev.redrive.http.RefusedException;
import dev.redrive.http.Reply;
import dev.redrive.http.Routes;
import dev.redrive.http.Times;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import java.util.List;
import java.util.function.BiFunction;

/** Views that people keep. Each change and its audit row are one transaction. */
public final class SavedViewRoutes implements Routes {

    private static final String PATH = "/api/v1/saved-views";
    private static final int MOST_OF_ONE_OWNER = 200;

    private final SavedViewStore store;
    private final AuditStore audit;

    public SavedViewRoutes(Pool pool, AuditStore audit) {
        this.store = new SavedViewStore(pool);
        this.audit = audit;
    }

    @Override
    public void bindTo(RouterBuilder routes) {
        routes.getRoute("listSavedViews").addHandler(Call.answering(this::list));
        routes.getRoute("createSavedView").addHandler(Call.answering(this::create));
        routes.getRoute("replaceSavedView").addHandler(Call.answering(this::replace));
        routes.getRoute("deleteSavedView").addHandler(Call.answering(this::delete));
    }

    private Future<Reply> list(Call call) {
        return store.list(call.actor()).map(rows -> {
            var items =
                    new JsonArray(rows.stream().map(row -> toJson(call, row)).toList());
            return Reply.ok(new JsonObject().put("items", items));
        });
    }

    private Future<Reply> create(Call call) {
        var view = view(call);
        return store.pool()
                .withTransaction(connection -> store.owned(connection, call.actor())
                        .compose(owned -> owned < MOST_OF_ONE_OWNER
                                ? store.create(connection, call.actor(), view)
                                : Future.failedFuture(RefusedException.conflict(
                                        "One keeps at most " + MOST_OF_ONE_OWNER + " views", List.of())))
                        .map(created -> created.orElseThrow(() -> taken(view)))
                        .compose(row -> log(connection, call, "view-saved", row)))
                .map(row -> Reply.created(toJson(call, row))
                        .withVersion(row.getInteger("version"))
                        .with("Location", PATH + "/" + row.getLong("id")));
    }

    private Future<Reply> replace(Call call) {
        var view = view(call);
        return change(
                        call,
                        (connection, row) -> store.replace(connection, call.id(), view)
                                .map(replaced -> replaced.orElseThrow(() -> taken(view)))
                                .compose(replaced -> log(connection, call, "view-saved", replaced)))
                .map(row -> Reply.ok(toJson(call, row)).withVersion(row.getInteger("version")));
    }

    private Future<Reply> delete(Call call) {
        return change(
                        call,
                        (connection, row) -> store.delete(connection, call.id())
                                .compose(deleted -> log(connection, call, "view-dropped", row)))
                .map(row -> Reply.noContent());
    }

    private Future<Row> change(Call call, BiFunction<SqlConnection, Row, Future<Row>> change) {
        call.requireMatch();
        return store.pool()
                .withTransaction(connection -> store.lock(connection, call.id()).compose(found -> {
                    var row = found.filter(held -> isVisible(call, held))
                            .orElseThrow(() -> RefusedException.notFound("No saved view with id " + call.id()));
                    call.checkMatch(row.getInteger("version"));
                    if (!isOwn(call, row) && !call.caller().permissions().contains("admin")) {
                        throw new RefusedException(
                                ProblemCode.FORBIDDEN, "The view belongs to " + row.getString("owner"));
                    }
                    return change.apply(connection, row);
                }));
    }

    private static SavedView view(Call call) {
        var body = call.body();
        var view = SavedView.of(body, canonical(body.getString("q", "")));
        if (view.shared() && !call.caller().permissions().contains("operate")) {
            throw new RefusedException(ProblemCode.FORBIDDEN, "Sharing a view needs the permission operate");
        }
        return view;
    }

    private static String canonical(String q) {
        try {
            return FilterText.of(FilterParser.parse(q));
        } catch (FilterException invalid) {
            throw new RefusedException(
                    ProblemCode.QUERY_INVALID, String.valueOf(invalid.getMessage()), new JsonObject(invalid.place()));
        }
    }

    private static RefusedException taken(SavedView view) {
        return RefusedException.conflict("There is a view named " + view.name() + " already", List.of());
    }

    private Future<Row> log(SqlConnection connection, Call call, String action, Row row) {
        var details = new JsonObject()
                .put("name", row.getString("name"))
                .put("shared", row.getBoolean("shared"))
                .put("q", row.getString("q"));
        var event = new AuditEvent(
                call.actor(), action, null, PATH + "/" + row.getLong("id"), null, details, call.requestId());
        return audit.record(connection, event).map(row);
    }

    /** A private view of somebody else does not exist, as far as the caller can tell. */
    private static boolean isVisible(Call call, Row row) {
        return isOwn(call, row) || row.getBoolean("shared");
    }

    private static boolean isOwn(Call call, Row row) {
        return row.getString("owner").equals(call.actor());
    }

    private static JsonObject toJson(Call call, Row row) {
        return new JsonObject()
                .put("id", String.valueOf(row.getLong("id")))
                .put("version", row.getInteger("version"))
                .put("name", row.getString("name"))
                .put("shared", row.getBoolean("shared"))
                .put("owner", row.getString("owner"))
                .put("mine", isOwn(call, row))
                .put("target", row.getString("target"))
                .put("q", row.getString("q"))
                .put("sort", row.getString("sort"))
                .put("columns", new JsonArray(List.of((Object[]) row.getArrayOfStrings("columns"))))
                .put("tab", row.getString("tab"))
                .put("createdAt", Times.rfc3339(row.getOffsetDateTime("created_at")))
                .put("updatedAt", Times.rfc3339(row.getOffsetDateTime("updated_at")));
    }
}
