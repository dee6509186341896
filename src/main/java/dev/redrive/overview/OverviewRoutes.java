package dev.redrive.overview;

import dev.redrive.cluster.Lags;
import dev.redrive.cluster.Lags.PartitionLag;
import dev.redrive.http.Call;
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
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/** The numbers above everything else. */
public final class OverviewRoutes implements Routes {

    private static final List<String> COUNTS =
            List.of("letters", "open", "replaying", "replayed", "recovered", "returned", "discarded", "purged");

    private static final Duration LONGEST = Duration.ofDays(7);

    private final OverviewStore store;
    private final Lags lags;

    /** @param reading a pool with a short statement timeout */
    public OverviewRoutes(Pool reading, Lags lags) {
        this.store = new OverviewStore(reading);
        this.lags = lags;
    }

    @Override
    public void bindTo(RouterBuilder routes) {
        routes.getRoute("getOverview").addHandler(Call.answering(this::get));
    }

    private Future<Reply> get(Call call) {
        int hours = hours(call);
        var numbers = store.numbers();
        var trend = store.trend(hours);
        return Future.all(numbers, trend).map(both -> Reply.ok(toJson(numbers.result(), trend.result())));
    }

    private static int hours(Call call) {
        // The contract's pattern lets nothing through that Duration would refuse.
        var window = Duration.parse(call.query("window", "PT24H"));
        if (window.compareTo(LONGEST) > 0 || window.toHours() < 1) {
            throw RefusedException.invalidParameter("window", "From PT1H to P7D");
        }
        return (int) window.toHours();
    }

    private JsonObject toJson(Row numbers, List<Row> trend) {
        var counts = new JsonObject();
        COUNTS.forEach(name -> counts.put(name, numbers.getLong(name)));
        var buckets = new JsonArray();
        trend.forEach(row -> buckets.add(new JsonObject()
                .put("start", Times.rfc3339(row.getOffsetDateTime("start")))
                .put("letters", row.getLong("letters"))));
        return new JsonObject()
                .put("counts", counts)
                .put(
                        "failureGroups",
                        new JsonObject()
                                .put("total", numbers.getLong("groups"))
                                .put("open", numbers.getLong("open_groups")))
                .put("arrivedLastHour", numbers.getLong("arrived"))
                .put("oldestOpenAt", Times.rfc3339(numbers.getOffsetDateTime("oldest_open_at")))
                .put("lastFailureAt", Times.rfc3339(numbers.getOffsetDateTime("last_failure_at")))
                .put("topics", numbers.getLong("topics"))
                .put("gaps", numbers.getLong("gaps"))
                .put("alertsFiring", numbers.getLong("alerts_firing"))
                .put("ingest", ingest(numbers))
                .put("buckets", buckets)
                .put("asOf", Times.rfc3339(numbers.getOffsetDateTime("as_of")))
                .put("partial", new JsonArray());
    }

    private JsonObject ingest(Row numbers) {
        var partitions = lags.partitions();
        var lag = partitions.stream().mapToLong(PartitionLag::records).sum();
        var behindSince = partitions.stream()
                .map(PartitionLag::since)
                .filter(Objects::nonNull)
                .min(Comparator.naturalOrder())
                .map(since -> Times.rfc3339(since.atOffset(ZoneOffset.UTC)))
                .orElse(null);
        return new JsonObject()
                .put("lag", partitions.isEmpty() ? null : lag)
                .put("updatedAt", Times.rfc3339(numbers.getOffsetDateTime("ingested_at")))
                .put("behindSince", behindSince);
    }
}
