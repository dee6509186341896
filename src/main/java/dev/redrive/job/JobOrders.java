package dev.redrive.job;

import dev.redrive.filter.FilterParser;
import dev.redrive.filter.FilterText;
import dev.redrive.http.Call;
import dev.redrive.http.Reply;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import java.util.UUID;

/** Orders jobs that finish what another feature has begun, in the transaction that begins it. */
public final class JobOrders {

    /**
     * @param q filter over letters without ages; for people only, where the work finds its letters itself
     * @param total how many letters that are; at least so many unless {@code exact}
     */
    public record Wanted(String type, JsonObject options, String q, String reason, long total, boolean exact) {}

    private final OrderDesk desk;

    JobOrders(OrderDesk desk) {
        this.desk = desk;
    }

    /**
     * The letters are those that are there now: the caller keeps whoever stores more waiting until the commit.
     *
     * @return 202 with the job and its Location
     */
    public Future<Reply> order(SqlConnection connection, Call call, Wanted wanted) {
        var order =
                new JobOrder(UUID.randomUUID(), wanted.type(), wanted.options(), call.actor(), wanted.reason(), null);
        return now(connection, wanted.q(), call.actor()).compose(scope -> {
            var job = new JobStore.NewJob(order, scope, wanted.total(), wanted.exact(), JobStart.AT_ONCE);
            return desk.order(connection, job, call);
        });
    }

    /** What is there at this moment. */
    static Future<Scope> now(SqlConnection connection, String q, String caller) {
        return SelectionStore.mark(connection)
                .map(mark -> new Scope(
                        q,
                        FilterText.of(FilterParser.parseStored(q)),
                        null,
                        caller,
                        mark.watermark(),
                        mark.frozenAt(),
                        mark.snapshot()));
    }

    /** After the commit. @return the job at its end, where the caller prefers to wait and that is soon enough */
    public Future<Reply> begin(Call call, Reply ordered) {
        return desk.begin(call, ordered);
    }
}
