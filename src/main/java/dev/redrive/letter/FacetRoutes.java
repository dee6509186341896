package dev.redrive.letter;

import dev.redrive.filter.Field;
import dev.redrive.filter.Filter;
import dev.redrive.filter.Value.Moment;
import dev.redrive.filter.Value.Times;
import dev.redrive.http.Call;
import dev.redrive.http.RefusedException;
import dev.redrive.http.Reply;
import dev.redrive.http.Routes;
import dev.redrive.letter.LetterWalkStore.Use;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import io.vertx.sqlclient.Pool;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the letters of a filter are made up of: by value, and over time. */
public final class FacetRoutes implements Routes {

    private static final Duration HOUR = Duration.ofHours(1);

    private final Pool reading;
    private final Pool searching;
    private final LetterFacets facets;
    private final LetterQueries queries;

    /** @param reading and {@code searching} as for {@link LetterRoutes} */
    public FacetRoutes(Pool reading, Pool searching, Clock clock) {
        this.reading = reading;
        this.searching = searching;
        this.facets = new LetterFacets(reading, searching);
        this.queries = new LetterQueries(clock);
    }

    @Override
    public void bindTo(RouterBuilder routes) {
        routes.getRoute("listFacets").addHandler(Call.answering(this::facets));
        routes.getRoute("getHistogram").addHandler(Call.answering(this::histogram));
    }

    private Future<Reply> facets(Call call) {
        var field = FacetField.of(call.query("field", ""));
        var scope = queries.scope(call, call.query("q", ""));
        var found = facets.count(scope, field, call.query("prefix", ""), call.number("limit", 20));
        return LetterQueries.refusing(found)
                .compose(counted -> labels(field, counted).map(labels -> toJson(field, counted, labels)))
                .map(json -> Reply.ok(json.put("asOf", dev.redrive.http.Times.rfc3339(scope.asOf()))));
    }

    private Future<Map<String, String>> labels(FacetField field, Facets counted) {
        return field == FacetField.GROUP
                ? FacetStore.titles(
                        reading,
                        counted.values().stream().map(Facets.Facet::value).toList())
                : Future.succeededFuture(Map.of());
    }

    private static JsonObject toJson(FacetField field, Facets facets, Map<String, String> labels) {
        var items = new JsonArray();
        for (var facet : facets.values()) {
            items.add(new JsonObject()
                    .put("value", facet.value())
                    .put("label", labels.get(facet.value()))
                    .put("count", total(facet.letters(), facets.exact())));
        }
        return new JsonObject()
                .put("field", field.word())
                .put("items", items)
                .put("others", total(facets.others(), facets.exact()))
                .put("missing", total(facets.missing(), facets.exact()))
                .put("partial", new JsonArray(facets.partial()));
    }

    private static JsonObject total(long value, boolean exact) {
        return new JsonObject().put("value", value).put("relation", exact ? "eq" : "gte");
    }

    private Future<Reply> histogram(Call call) {
        var scope = queries.scope(call, call.query("q", ""));
        var histogram =
                Histogram.of(time(call, "from"), time(call, "to"), duration(call.query("step", "PT1H")), scope.asOf());
        boolean byStatus = call.query("by", "status").equals("status");
        boolean tallied = Reach.of(scope.filter()).isWithin(Reach.TALLY)
                && histogram.step().toSeconds() % HOUR.toSeconds() == 0;
        var answer = tallied ? tallied(scope, histogram, byStatus) : scanned(scope, histogram, byStatus);
        return LetterQueries.refusing(answer)
                .map(json -> Reply.ok(json.put("asOf", dev.redrive.http.Times.rfc3339(scope.asOf()))));
    }

    private Future<JsonObject> tallied(LetterScope scope, Histogram histogram, boolean byStatus) {
        return HistogramStore.bars(reading, scope, hour(histogram.from()), hour(histogram.to()), (int)
                        histogram.step().toHours())
                .map(bars -> {
                    histogram.add(bars);
                    return histogram.toJson(byStatus, true).put("partial", new JsonArray());
                });
    }

    private static int hour(Instant time) {
        return (int) (time.getEpochSecond() / HOUR.toSeconds());
    }

    private Future<JsonObject> scanned(LetterScope scope, Histogram histogram, boolean byStatus) {
        var all = new ArrayList<Filter>(LetterCondition.conjuncts(scope.filter()));
        var range = new Times(new Moment.At(histogram.from()), new Moment.At(histogram.to()));
        all.add(0, LetterQueries.match(Field.TS, List.of(range)));
        var within = new LetterScope(LetterQueries.joined(all), scope.asOf(), scope.caller());
        return LetterPlanStore.plan(reading, within).compose(plan -> {
            var bar = "floor((extract(epoch FROM " + StateTerms.FAILED_AT + ") - "
                    + histogram.from().getEpochSecond() + ") / "
                    + histogram.step().toSeconds() + ")::integer";
            var use = new Use(bar + " AS bar, s.status, count(*) AS letters", " GROUP BY 2, 3", Reach.STATE);
            var scan = new Scan(searching, plan, Long.MAX_VALUE, LetterSearch.MOST_COUNTED);
            return scan.run(
                            LetterWalkStore.MOST_LOOKED_AT,
                            use,
                            window -> histogram.add(window.rows()),
                            () -> Integer.MAX_VALUE)
                    .map(done -> histogram
                            .toJson(byStatus, scan.isExact())
                            .put("partial", new JsonArray(scan.partial(false))));
        });
    }

    private static @Nullable Instant time(Call call, String name) {
        var text = call.query(name);
        return text == null ? null : LetterQueries.instant(name, text);
    }

    private static Duration duration(String text) {
        try {
            return Duration.parse(text);
        } catch (DateTimeException | ArithmeticException noDuration) {
            throw RefusedException.invalidParameter("step", "Expected an ISO 8601 duration such as PT1H");
        }
    }
}
