package dev.redrive.overview;

import dev.redrive.LastingFailure;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is stored, for whoever scrapes it: the same in every process, so a dashboard takes the maximum. Asked of Postgres
 * every 15 s; while it does not answer the figures stay as they were. Topics beyond the 200 largest share the label
 * {@code other}. docs/metrics.md has every name.
 */
public final class DeskMetrics extends VerticleBase {

    private static final Logger log = LoggerFactory.getLogger(DeskMetrics.class);
    private static final long MILLIS = 15_000;
    private static final int TOPICS = 200;
    private static final String OTHER = "other";
    private static final List<String> STATUSES =
            List.of("open", "replaying", "replayed", "recovered", "returned", "discarded", "purged");

    private final DeskMetricsStore store;
    private final MultiGauge letters;
    private final MultiGauge oldest;
    private final MultiGauge groups;
    private final MultiGauge jobs;
    private final MultiGauge deliveries;
    private final MultiGauge headroom;
    private final MultiGauge ready;
    private final LastingFailure failure = new LastingFailure(log, "The figures for monitoring stay as they were");

    /** @param reading a pool with a short statement timeout */
    public DeskMetrics(Pool reading, MeterRegistry registry) {
        this.store = new DeskMetricsStore(reading);
        this.letters = gauge(registry, "redrive.dead.letters", "Letters by dead-letter topic and status");
        this.oldest = gauge(registry, "redrive.dead.letter.oldest.open.seconds", "Age of the oldest open letter");
        this.groups = gauge(registry, "redrive.failure.groups", "Failure groups with open letters, and without");
        this.jobs = gauge(registry, "redrive.jobs", "Jobs by state");
        this.deliveries = gauge(registry, "redrive.alert.events", "Events to be told, told, and given up");
        this.headroom = gauge(
                registry,
                "redrive.topic.expiry.headroom.percent",
                "Percent of its retention that the oldest unread letter has left; 100 where none waits");
        this.ready = gauge(registry, "redrive.topic.ready", "1 where no check of the topic's readiness fails");
    }

    private static MultiGauge gauge(MeterRegistry registry, String name, String description) {
        return MultiGauge.builder(name).description(description).register(registry);
    }

    @Override
    public Future<?> start() {
        vertx.setPeriodic(0, MILLIS, again -> refresh());
        return Future.succeededFuture();
    }

    private void refresh() {
        var all = List.of(store.letters(), store.groups(), store.jobs(), store.deliveries(), store.topics());
        Future.all(all)
                .onSuccess(found -> {
                    failure.over();
                    showLetters(all.get(0).result());
                    var group = all.get(1).result().get(0);
                    groups.register(
                            List.of(
                                    row(Tags.of("state", "open"), group.getLong("open")),
                                    row(Tags.of("state", "settled"), group.getLong("settled"))),
                            true);
                    jobs.register(byState(all.get(2).result(), "jobs"), true);
                    deliveries.register(byState(all.get(3).result(), "deliveries"), true);
                    showTopics(all.get(4).result());
                })
                .onFailure(failure::tell);
    }

    private static MultiGauge.Row<?> row(Tags tags, Number value) {
        return MultiGauge.Row.of(tags, value);
    }

    private static List<MultiGauge.Row<?>> byState(List<Row> rows, String column) {
        var gauges = new ArrayList<MultiGauge.Row<?>>();
        rows.forEach(row -> gauges.add(row(Tags.of("state", row.getString("state")), row.getLong(column))));
        return gauges;
    }

    private void showLetters(List<Row> rows) {
        var gauges = new ArrayList<MultiGauge.Row<?>>();
        Map<String, Long> others = new HashMap<>();
        for (int i = 0; i < rows.size(); i++) {
            for (var status : STATUSES) {
                long count = rows.get(i).getLong(status);
                if (i < TOPICS) {
                    gauges.add(row(Tags.of("topic", rows.get(i).getString("topic"), "status", status), count));
                } else {
                    others.merge(status, count, Long::sum);
                }
            }
        }
        others.forEach((status, count) -> gauges.add(row(Tags.of("topic", OTHER, "status", status), count)));
        letters.register(gauges, true);
    }

    private void showTopics(List<Row> rows) {
        var left = new ArrayList<MultiGauge.Row<?>>();
        var ages = new ArrayList<MultiGauge.Row<?>>();
        var fit = new ArrayList<MultiGauge.Row<?>>();
        for (var row : rows) {
            var tags = Tags.of("cluster", row.getString("cluster"), "topic", row.getString("name"));
            left.add(row(tags, row.getDouble("headroom")));
            var age = row.getDouble("oldest_open");
            ages.add(row(tags, age == null ? 0 : Math.max(0, age)));
            if (row.getBoolean("ready") != null) {
                fit.add(row(tags, row.getBoolean("ready") ? 1 : 0));
            }
        }
        headroom.register(left, true);
        oldest.register(ages, true);
        ready.register(fit, true);
    }
}
