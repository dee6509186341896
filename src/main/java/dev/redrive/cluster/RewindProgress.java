package dev.redrive.cluster;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * How far a topic is read again.
 *
 * @param ended whether it moves no position any more
 * @param told offsets that were passed when people were told last
 * @param pace offsets a second of late; null where it was counted once
 * @param now the time of the database
 * @param madeAgain whether a younger topic has the name
 * @param gone whether no topic has the name, as the watch over topics found it last
 * @param ingestPaused whether somebody asked not to read the topic for now
 * @param parts by partition, one at least
 */
record RewindProgress(
        String cluster,
        String topic,
        boolean ended,
        long told,
        OffsetDateTime pacedAt,
        long paced,
        @Nullable Double pace,
        OffsetDateTime now,
        boolean madeAgain,
        boolean gone,
        boolean ingestPaused,
        List<Part> parts) {

    private static final Duration PACED_EACH = Duration.ofSeconds(5);

    /**
     * @param phase {@code reading}, {@code resting} while the job is paused, or {@code ended}
     * @param from first offset that is read again; {@code to} the one after the last
     * @param reached the one that is read next
     * @param added letters that were not there before; {@code known} those that were
     */
    record Part(int partition, String phase, long from, long to, long reached, long added, long known) {

        static Part from(Row row) {
            return new Part(
                    row.getInteger("kafka_partition"),
                    row.getString("phase"),
                    row.getLong("from_offset"),
                    row.getLong("to_offset"),
                    row.getLong("reached"),
                    row.getLong("added"),
                    row.getLong("known"));
        }

        JsonObject toJson() {
            return new JsonObject()
                    .put("partition", partition)
                    .put("phase", phase)
                    .put("fromOffset", Long.toString(from))
                    .put("toOffset", Long.toString(to))
                    .put("reachedOffset", Long.toString(reached))
                    .put("added", added)
                    .put("known", known);
        }
    }

    /** @param rows of one job */
    static RewindProgress from(List<Row> rows) {
        var row = rows.get(0);
        return new RewindProgress(
                row.getString("cluster"),
                row.getString("topic"),
                row.getBoolean("ended"),
                row.getLong("told"),
                row.getOffsetDateTime("paced_at"),
                row.getLong("paced"),
                row.getDouble("pace"),
                row.getOffsetDateTime("now"),
                row.getBoolean("made_again"),
                row.getBoolean("gone"),
                row.getBoolean("ingest_paused"),
                rows.stream().map(Part::from).toList());
    }

    private long sum(ToLongFunction<Part> value) {
        return parts.stream().mapToLong(value).sum();
    }

    long added() {
        return sum(Part::added);
    }

    long known() {
        return sum(Part::known);
    }

    /** Offsets that were passed again. */
    long passed() {
        return sum(part -> part.reached() - part.from());
    }

    private long offsets() {
        return sum(part -> part.to() - part.from());
    }

    /** Whether nothing more of it is read again. */
    boolean isOver() {
        return parts.stream().allMatch(part -> part.phase().equals("ended"));
    }

    /** Whether it is time for a new pace. */
    boolean isPaceOld() {
        return !pacedAt.plus(PACED_EACH).isAfter(now);
    }

    private double rate() {
        double seconds = Duration.between(pacedAt, now).toMillis() / 1_000.0;
        double since = seconds > 0 ? Math.max(0, passed() - paced) / seconds : 0;
        return Math.round(10 * (pace == null ? since : pace)) / 10.0;
    }

    /** The contract's JobProgress: {@code gone} are offsets that held no record any more. */
    JsonObject toJson() {
        boolean all = passed() == offsets();
        var json = new JsonObject()
                .put(
                        "counters",
                        new JsonObject()
                                .put("done", added())
                                .put("skipped", known())
                                .put("gone", all ? offsets() - added() - known() : null))
                .put("rewind", rewind());
        if (!ended) {
            double rate = rate();
            json.put("rate", rate > 0 ? rate : null)
                    .put("etaSeconds", rate > 0 ? Math.ceil((offsets() - passed()) / rate) : null);
        }
        return json;
    }

    private JsonObject rewind() {
        var partitions = new JsonArray();
        parts.forEach(part -> partitions.add(part.toJson()));
        return new JsonObject()
                .put("topic", topic)
                .put("cluster", cluster)
                .put("ingestPaused", ingestPaused)
                .put("offsets", offsets())
                .put("passed", passed())
                .put("added", added())
                .put("known", known())
                .put("partitions", partitions);
    }
}
