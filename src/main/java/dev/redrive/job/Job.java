package dev.redrive.job;

import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Work over the letters of a scope.
 *
 * @param seq grows with each job
 * @param stateReason why it is in this state, where that says something
 * @param total letters that were meant when it was ordered; at least so many unless {@code totalExact}
 * @param nextBelow letters from here down are still to do
 * @param failures batches that failed lately; the next one is the smaller for it
 * @param version grows with each change
 * @param gathered whether every letter had its turn and the work goes on without them
 * @param retriedBy jobs that took up letters of this one again, the first one first
 * @param clearing whether it was cancelled and what it holds is not let go yet
 */
record Job(
        JobOrder order,
        long seq,
        State state,
        @Nullable String stateReason,
        Scope scope,
        long total,
        boolean totalExact,
        long done,
        long skipped,
        long failed,
        long nextBelow,
        int failures,
        int version,
        boolean gathered,
        boolean clearing,
        OffsetDateTime notBefore,
        OffsetDateTime createdAt,
        @Nullable OffsetDateTime startedAt,
        @Nullable OffsetDateTime finishedAt,
        OffsetDateTime asOf,
        @Nullable UUID undoneBy,
        List<UUID> retriedBy) {

    /** The words are those of the API and of the CHECK constraint. */
    enum State {
        SCHEDULED("scheduled"),
        RUNNING("running"),
        PAUSED("paused"),
        SUCCEEDED("succeeded"),
        SUCCEEDED_WITH_FAILURES("succeeded-with-failures"),
        CANCELLED("cancelled"),
        FAILED("failed");

        private final String word;

        State(String word) {
            this.word = word;
        }

        String word() {
            return word;
        }

        static State of(String word) {
            for (var state : values()) {
                if (state.word.equals(word)) {
                    return state;
                }
            }
            throw new IllegalArgumentException(word);
        }

        /** Nothing will be done any more. */
        boolean isFinal() {
            return this != SCHEDULED && this != RUNNING && this != PAUSED;
        }
    }

    static Job from(Row row) {
        var order = new JobOrder(
                row.getUUID("id"),
                row.getString("type"),
                new JsonObject(row.getJsonObject("options").getMap()),
                row.getString("requested_by"),
                row.getString("reason"),
                row.getUUID("undoes"),
                retry(row));
        return new Job(
                order,
                row.getLong("seq"),
                State.of(row.getString("state")),
                row.getString("state_reason"),
                Scope.from(row),
                row.getLong("total"),
                row.getBoolean("total_exact"),
                row.getLong("done"),
                row.getLong("skipped"),
                row.getLong("failed"),
                row.getLong("next_below"),
                row.getInteger("failures"),
                row.getInteger("version"),
                row.getBoolean("gathered"),
                row.getBoolean("clearing"),
                row.getOffsetDateTime("not_before"),
                row.getOffsetDateTime("created_at"),
                row.getOffsetDateTime("started_at"),
                row.getOffsetDateTime("finished_at"),
                row.getOffsetDateTime("as_of"),
                row.getUUID("undone_by"),
                ids(row.getArrayOfUUIDs("retried_by")));
    }

    private static JobOrder.@Nullable Retry retry(Row row) {
        var job = row.getUUID("retry_of");
        return job == null ? null : new JobOrder.Retry(job, Set.of(row.getArrayOfStrings("retry_results")));
    }

    private static List<UUID> ids(UUID @Nullable [] found) {
        return found == null ? List.of() : List.of(found);
    }

    long processed() {
        return done + skipped + failed;
    }
}
