package dev.redrive.job;

import dev.redrive.letter.LetterWalk.Slice;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a job does to letters. A feature implements it once and registers it in {@link Jobs}; the engine chooses the
 * letters, locks them, writes down what became of each and goes on after a crash, all in the transaction it hands in.
 */
public interface Work {

    /** @param before what an undo needs; null where there is nothing to put back */
    record Done(long letterId, int version, @Nullable JsonObject before) {}

    /** @param why the end of the sentence "Left out, because it …" */
    record Left(long letterId, String why, boolean failed) {}

    /** What became of a batch: each of its letters is in one of the two. */
    record Outcome(List<Done> done, List<Left> left) {
        public Outcome {
            done = List.copyOf(done);
            left = List.copyOf(left);
        }
    }

    /** Stable word of the API, such as {@code discard}. */
    String type();

    /**
     * @param options of the request, {@code {}} where it had none
     * @return as they are kept with the job
     * @throws dev.redrive.http.RefusedException where they make no sense
     */
    JsonObject options(JsonObject options);

    /**
     * Looks at what {@link #options} cannot see at once; the job is ordered when this succeeds.
     *
     * @param options as {@link #options} returned them
     */
    default Future<Void> check(JsonObject options) {
        return Future.succeededFuture();
    }

    /** The permission that ordering it needs, besides the one of every job. */
    default String permission() {
        return "operate";
    }

    /** The same of one job, where its options ask for more. @param options as {@link #options} returned them */
    default String permission(JsonObject options) {
        return permission();
    }

    /** How long it waits before it begins, unless the caller says otherwise; until then it can be cancelled. */
    default Duration delay() {
        return Duration.ZERO;
    }

    /** Letters of a batch at most. */
    default int atOnce() {
        return 500;
    }

    /** The same of one job, where its options make a letter heavier than usual. */
    default int atOnce(JobOrder job) {
        return atOnce();
    }

    /**
     * Whether letters that somebody changed since the selection was frozen are worked on too. Where not, the engine
     * leaves them out: nobody has seen them as they are now.
     */
    default boolean takesChanged() {
        return false;
    }

    /**
     * Finds its letters itself, where no filter says which ones they are.
     *
     * @param below exclusive
     * @return null where those of the job's filter are meant
     */
    default @Nullable Future<Slice> letters(SqlConnection connection, JobOrder job, long below, int limit) {
        return null;
    }

    /**
     * A failed future undoes the whole batch, which is then tried again in smaller ones until the letter that fails is
     * alone; that one is left as failed.
     *
     * @param letters locked until the transaction ends, in ascending order; one at least
     */
    Future<Outcome> apply(SqlConnection connection, JobOrder job, List<LockedLetter> letters);

    /** What a turn of work that goes on came to. */
    sealed interface Step permits Again, Hold, End {}

    /** All that became of its letters so far, where no batch counts them. */
    record Counted(long done, long skipped) {}

    /**
     * There is more to do.
     *
     * @param pause before the next turn; zero for at once
     * @param moved whether anything is another way than before the turn
     * @param counted null where the batches counted
     */
    record Again(Duration pause, boolean moved, @Nullable Counted counted) implements Step {
        public Again(Duration pause, boolean moved) {
            this(pause, moved, null);
        }
    }

    /**
     * Nothing more is done until somebody resumes the job.
     *
     * @param why a sentence that says what happened and what to do
     */
    record Hold(String why) implements Step {}

    /**
     * @param failures whether something went wrong on the way
     * @param counted null where the batches counted
     */
    record End(boolean failures, @Nullable Counted counted) implements Step {
        public End(boolean failures) {
            this(failures, null);
        }
    }

    /**
     * Whether there is more to do when every letter of the scope had its turn: then {@link #goOn} is called, a turn after
     * the other and each in a transaction that holds the job, until it says that this is the end.
     */
    default boolean goesOn() {
        return false;
    }

    /** One bounded turn, see {@link #goesOn}. */
    default Future<Step> goOn(SqlConnection connection, JobOrder job) {
        throw new UnsupportedOperationException(type());
    }

    /**
     * A bounded part of what a cancellation leaves to do; called until there is no more.
     *
     * @return whether there is more
     */
    default Future<Boolean> clear(SqlConnection connection, JobOrder job) {
        return Future.succeededFuture(false);
    }

    /** Somebody paused the job; in that transaction, which holds it. Nothing more is done until it is resumed. */
    default Future<Void> paused(SqlConnection connection, JobOrder job) {
        return Future.succeededFuture();
    }

    /** Somebody looked at why the job was held, and wants it to go on. */
    default Future<Void> resumed(SqlConnection connection, JobOrder job) {
        return Future.succeededFuture();
    }

    /** Whether {@link #exclude} leaves a failure group out of a job that is held. */
    default boolean excludes() {
        return false;
    }

    /** @return the contract's JobGroup: failure groups of which letters did not go well, the worst first */
    default Future<JsonArray> troubles(SqlClient client, UUID job) {
        return Future.succeededFuture(new JsonArray());
    }

    /**
     * What is left of the failure group is left out by the turns to come, before anything else goes.
     *
     * @param actor who wants it
     * @return fails with {@code unprocessable} where there is no such failure group
     */
    default Future<Void> exclude(SqlConnection connection, JobOrder job, long failureGroup, String actor) {
        throw new UnsupportedOperationException(type());
    }

    /**
     * How far jobs are, for people, besides the letters that were gathered.
     *
     * @return by id, in the words of the contract's JobProgress; jobs of which there is nothing to say are missing
     */
    default Future<Map<UUID, JsonObject>> progress(SqlClient client, List<UUID> jobs) {
        return Future.succeededFuture(Map.of());
    }

    /** Options that may be changed while the job runs; {@link #options} checks the whole again. */
    default Set<String> changeable() {
        return Set.of();
    }

    /**
     * Results of items whose letters another job of this type may take up again, as {@link JobOrder#retry} then says; what
     * is done where the caller names none comes first. {@link #letters} finds them.
     */
    default List<String> retries() {
        return List.of();
    }

    /** How many letters {@link JobOrder#retry} means. */
    default Future<Long> retried(SqlConnection connection, JobOrder job) {
        throw new UnsupportedOperationException(type());
    }

    /** Called once, in the transaction that finishes the job, whatever became of its letters; not after a cancellation. */
    default Future<Void> finish(SqlConnection connection, JobOrder job) {
        return Future.succeededFuture();
    }

    /** Whether {@link #undo} puts back what {@link #apply} did. */
    default boolean isUndoable() {
        return false;
    }

    /**
     * Puts back what the job {@code job.undoes()} did to these letters; nobody has changed them since.
     *
     * @return as {@link #apply}
     */
    default Future<Outcome> undo(SqlConnection connection, JobOrder job, List<LockedLetter> letters) {
        throw new UnsupportedOperationException(type());
    }
}
