package dev.redrive;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.config.MeterFilter;
import java.util.Map;

/**
 * Gives what Vert.x measures for us the names of docs/metrics.md: the answers of the API, and who waits for a connection
 * of Postgres. All else keeps its name.
 */
final class VertxMetricNames implements MeterFilter {

    /** The labels of Vert.x and ours; others are dropped. */
    private static final Map<String, String> ANSWER = Map.of("route", "route", "method", "method", "code", "status");

    private static final Map<String, String> POOL = Map.of("pool_name", "pool");

    @Override
    public Meter.Id map(Meter.Id id) {
        if (id.getName().equals("vertx.http.server.response.time")) {
            return renamed(id, "redrive.http.request.duration", ANSWER);
        }
        return id.getName().equals("vertx.pool.queue.pending") && "sql".equals(id.getTag("pool_type"))
                ? renamed(id, "redrive.db.pool.pending", POOL)
                : id;
    }

    private static Meter.Id renamed(Meter.Id id, String name, Map<String, String> labels) {
        var tags = id.getTags().stream()
                .filter(tag -> labels.containsKey(tag.getKey()))
                .map(tag -> Tag.of(labels.getOrDefault(tag.getKey(), tag.getKey()), tag.getValue()))
                .toList();
        return id.withName(name).replaceTags(tags);
    }
}
