package dev.redrive.letter;

import dev.redrive.http.RefusedException;
import dev.redrive.http.Times;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Bars of the same width side by side; each holds the letters that failed from its beginning to the next one's. */
final class Histogram {

    static final int MOST_BARS = 500;

    private final Instant from;
    private final Duration step;
    private final List<Map<Status, Long>> bars = new ArrayList<>();

    private Histogram(Instant from, Duration step, int count) {
        this.from = from;
        this.step = step;
        for (int i = 0; i < count; i++) {
            bars.add(new EnumMap<>(Status.class));
        }
    }

    /**
     * @param from and {@code to} are widened to whole steps since 1970
     * @throws RefusedException where this makes no bars, or too many
     */
    static Histogram of(@Nullable Instant from, @Nullable Instant to, Duration step, Instant now) {
        long seconds = step.toSeconds();
        if (seconds < 60 || seconds % 60 != 0 || step.toDays() > 366) {
            throw RefusedException.invalidParameter("step", "Expected whole minutes, at most P366D");
        }
        var last = to == null ? now : to;
        var first = from == null ? last.minus(Duration.ofDays(1)) : from;
        long begin = Math.floorDiv(first.getEpochSecond(), seconds) * seconds;
        long end = Math.floorDiv(last.getEpochSecond() + (last.getNano() > 0 ? 1 : 0) + seconds - 1, seconds) * seconds;
        if (begin < 0 || end <= begin) {
            throw RefusedException.invalidParameter("from", "Expected a time from 1970 on and before `to`");
        }
        if ((end - begin) / seconds > MOST_BARS) {
            throw RefusedException.invalidParameter("step", "At most " + MOST_BARS + " bars; take a longer step");
        }
        return new Histogram(Instant.ofEpochSecond(begin), step, (int) ((end - begin) / seconds));
    }

    Instant from() {
        return from;
    }

    Instant to() {
        return from.plus(step.multipliedBy(bars.size()));
    }

    Duration step() {
        return step;
    }

    /** @param rows of {@code bar, status, letters} */
    void add(Collection<Row> rows) {
        for (var row : rows) {
            bars.get(row.getInteger("bar"))
                    .merge(Status.of(row.getString("status")), row.getLong("letters"), Long::sum);
        }
    }

    JsonObject toJson(boolean byStatus, boolean exact) {
        var array = new JsonArray();
        long total = 0;
        for (int i = 0; i < bars.size(); i++) {
            var statuses = bars.get(i);
            long letters = statuses.values().stream().mapToLong(Long::longValue).sum();
            total += letters;
            var bar = new JsonObject()
                    .put("from", Times.rfc3339(from.plus(step.multipliedBy(i))))
                    .put("letters", letters);
            if (byStatus) {
                var counts = new JsonObject();
                statuses.forEach((status, count) -> counts.put(status.word(), count));
                bar.put("byStatus", counts);
            }
            array.add(bar);
        }
        return new JsonObject()
                .put("from", Times.rfc3339(from))
                .put("to", Times.rfc3339(to()))
                .put("step", step.toString())
                .put("bars", array)
                .put("total", new JsonObject().put("value", total).put("relation", exact ? "eq" : "gte"));
    }
}
