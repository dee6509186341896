package dev.redrive.grouping;

import dev.redrive.audit.AuditStore;
import dev.redrive.http.Call;
import dev.redrive.http.Idempotency;
import dev.redrive.http.Reply;
import dev.redrive.http.Routes;
import dev.redrive.http.Times;
import dev.redrive.job.JobOrders;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Puts failure groups together and takes them apart. */
public final class GroupMergeRoutes implements Routes {

    private final Pool pool;
    private final Idempotency idempotency;
    private final GroupMerges merges;
    private final JobOrders jobs;

    public GroupMergeRoutes(Pool pool, AuditStore audit, JobOrders jobs) {
        this.pool = pool;
        this.idempotency = new Idempotency(pool);
        this.merges = new GroupMerges(audit, jobs);
        this.jobs = jobs;
    }

    @Override
    public void bindTo(RouterBuilder routes) {
        routes.getRoute("mergeFailureGroups").addHandler(Call.answering(this::merge));
        routes.getRoute("listMergedGroups").addHandler(Call.answering(this::merged));
        routes.getRoute("splitFailureGroup").addHandler(Call.answering(this::split));
        routes.getRoute("listSplitGroups").addHandler(Call.answering(this::splitOff));
    }

    private Future<Reply> merge(Call call) {
        call.requireMatch();
        return idempotency
                .once(call, connection -> merges.merge(connection, call))
                .compose(ordered -> jobs.begin(call, ordered));
    }

    private Future<Reply> split(Call call) {
        call.requireMatch();
        return idempotency
                .once(call, connection -> merges.split(connection, call))
                .compose(ordered -> jobs.begin(call, ordered));
    }

    private Future<Reply> merged(Call call) {
        return GroupMergeStore.merged(pool, call.id())
                .map(rows -> items(rows, row -> {
                    long letters = row.getLong("letters");
                    boolean whole = GroupMergeStore.isCountedWhole(letters);
                    return GroupHistory.group(row.getLong("id"), row.getString("title"))
                            .put("message", row.getString("message"))
                            .put("topic", row.getString("topic"))
                            .put("consumerGroup", row.getString("consumer_group"))
                            .put("mergedUnder", text(row.getLong("merged_under")))
                            .put(
                                    "letters",
                                    new JsonObject()
                                            .put("value", whole ? letters : letters - 1)
                                            .put("relation", whole ? "eq" : "gte"));
                }));
    }

    private Future<Reply> splitOff(Call call) {
        return SplitRuleStore.list(pool, call.id())
                .map(rows -> items(
                        rows,
                        row -> GroupHistory.group(row.getLong("target_id"), row.getString("title"))
                                .put("q", row.getString("q"))
                                .put("author", row.getString("author"))
                                .put("at", Times.rfc3339(row.getOffsetDateTime("created_at")))
                                .put("mergedInto", text(row.getLong("merged_into")))));
    }

    private static @Nullable String text(@Nullable Long id) {
        return id == null ? null : id.toString();
    }

    private static Reply items(Iterable<Row> rows, Function<Row, JsonObject> json) {
        var items = new JsonArray();
        rows.forEach(row -> items.add(json.apply(row)));
        return Reply.ok(new JsonObject().put("items", items));
    }
}
