package dev.redrive.replay;

import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.UUID;

/**
 * How far a job that replays has come: its replays by what became of them.
 *
 * @param sent committed to the target, and nothing known since
 * @param letGoAt up to when the rate is used up
 * @param forgivenRecovered as it was when somebody last said that the job should go on; the same of the next two
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
        OffsetDateTime now) {

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

    /** The contract's JobProgress. {@code sent} there is everything that was committed, whatever became of it. */
    JsonObject toJson() {
        double seconds = inStage().toMillis() / 1_000.0;
        boolean moving = (stage == Stage.SENDING || stage == Stage.DRAINING) && seconds > 0;
        double rate = moving ? Math.round(10 * settled() / seconds) / 10.0 : 0;
        return new JsonObject()
                .put("stage", stage.word())
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
