package dev.redrive.replay;

import dev.redrive.http.Times;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How far a job that replays has come: its replays by what became of them.
 *
 * @param sent committed to the target, and nothing known since
 * @param letGoAt up to when the rate is used up
 * @param forgivenRecovered as it was when somebody last said that the job should go on; the same of the next two
 * @param waiting for whom nothing more goes; null where nobody is too far behind
 * @param pace how fast it went of late
 * @param now the time of the database
 */
record ReplayProgress(
        UUID jobId,
        Stage stage,
        long held,
        long queued,
        long sending,
        long sent,
        long recovered,
        long returned,
        long failed,
        long uncertain,
        long cancelled,
        OffsetDateTime letGoAt,
        OffsetDateTime stageSince,
        long forgivenRecovered,
        long forgivenReturned,
        long forgivenFailed,
        @Nullable Waiting waiting,
        Counted pace,
        OffsetDateTime now) {

    /**
     * @param at when the settled letters were counted last
     * @param settled how many they were
     * @param rate letters a second between the last two counts; null where there was one
     */
    record Counted(
            OffsetDateTime at, long settled, @Nullable Double rate) {

        static final Duration EACH = Duration.ofSeconds(5);

        static Counted from(Row row) {
            return new Counted(row.getOffsetDateTime("paced_at"), row.getLong("paced"), row.getDouble("pace"));
        }
    }

    /**
     * A consumer group that is too far behind.
     *
     * @param lag letters, when it was last looked at
     * @param least of all looks since the waiting began
     * @param fellAt when it was less than ever before
     */
    record Waiting(String group, String topic, long lag, long least, OffsetDateTime fellAt) {

        static @Nullable Waiting from(Row row) {
            return row.getString("lag_group") == null
                    ? null
                    : new Waiting(
                            row.getString("lag_group"),
                            row.getString("lag_topic"),
                            row.getLong("lag"),
                            row.getLong("lag_least"),
                            row.getOffsetDateTime("lag_fell_at"));
        }

        /** The contract's JobWaitsFor. */
        JsonObject toJson() {
            return new JsonObject()
                    .put("group", group)
                    .put("topic", topic)
                    .put("lag", lag)
                    .put("fellAt", Times.rfc3339(fellAt));
        }
    }

    /** The words are those of the contract and of the CHECK constraint. */
    enum Stage {
        GATHERING("gathering"),
        CANARY("canary"),
        SENDING("sending"),
        DRAINING("draining");

        private final String word;

        Stage(String word) {
            this.word = word;
        }

        String word() {
            return word;
        }

        static Stage of(String word) {
            for (var stage : values()) {
                if (stage.word.equals(word)) {
                    return stage;
                }
            }
            throw new IllegalArgumentException(word);
        }
    }

    static ReplayProgress from(Row row) {
        return new ReplayProgress(
                row.getUUID("job_id"),
                Stage.of(row.getString("stage")),
                row.getLong("held"),
                row.getLong("queued"),
                row.getLong("sending"),
                row.getLong("sent"),
                row.getLong("recovered"),
                row.getLong("returned"),
                row.getLong("failed"),
                row.getLong("uncertain"),
                row.getLong("cancelled"),
                row.getOffsetDateTime("let_go_at"),
                row.getOffsetDateTime("stage_since"),
                row.getLong("forgiven_recovered"),
                row.getLong("forgiven_returned"),
                row.getLong("forgiven_failed"),
                Waiting.from(row),
                Counted.from(row),
                row.getOffsetDateTime("now"));
    }

    /** On their way: a lane has them or is to take them. */
    long live() {
        return queued + sending;
    }

    long committed() {
        return sent + recovered + returned;
    }

    long settled() {
        return committed() + failed + uncertain;
    }

    /** Let go so far. */
    long letGo() {
        return live() + settled();
    }

    Duration inStage() {
        return Duration.between(stageSince, now);
    }

    /** Whether it is time to count anew. */
    boolean isCountOld() {
        return !pace.at().plus(Counted.EACH).isAfter(now);
    }

    /** Letters a second since they were counted last. */
    double rateSince() {
        double seconds = Duration.between(pace.at(), now).toMillis() / 1_000.0;
        return seconds > 0 ? (settled() - pace.settled()) / seconds : 0;
    }

    /** Letters a second of late; 0 where nothing goes. */
    private double rate() {
        if (stage != Stage.SENDING && stage != Stage.DRAINING) {
            return 0;
        }
        var counted = pace.rate();
        return Math.round(10 * (counted == null ? rateSince() : counted)) / 10.0;
    }

    /** The contract's JobProgress. {@code sent} there is everything that was committed, whatever became of it. */
    JsonObject toJson() {
        double rate = rate();
        return new JsonObject()
                .put("stage", stage.word())
                .put("waitsFor", waiting == null ? null : waiting.toJson())
                .put("rate", rate > 0 ? rate : null)
                .put("etaSeconds", rate > 0 ? Math.ceil((held + live()) / rate) : null)
                .put(
                        "counters",
                        new JsonObject()
                                .put("held", held)
                                .put("queued", queued)
                                .put("sending", sending)
                                .put("sent", committed())
                                .put("recovered", recovered)
                                .put("returned", returned)
                                .put("failed", failed)
                                .put("uncertain", uncertain)
                                .put("cancelled", cancelled));
    }
}
