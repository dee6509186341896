package dev.redrive.replay;

import dev.redrive.audit.AuditEvent;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;

/** What a lane does to the rows of {@code replay} between two owners: proof, or the statement that there is none. */
final class RecoveryStore {

    /** The lane's row stays locked, so nobody takes the lane before the transaction ends. */
    private static final String OWN = """
            SELECT FROM replay_lane WHERE cluster_id = $1 AND lane = $2 AND fence = $3 FOR UPDATE""";

    /** A receipt is proof whatever the row says: after a restore of the database it may say queued again. */
    static final String PROVEN = """
            WITH done AS (
              UPDATE replay r
              SET state = 'done', outcome = 'sent', sent_partition = p.partition, sent_offset = p.sent_offset,
                attempt = greatest(r.attempt, p.attempt), settled_at = now(), updated_at = now(), last_error = NULL,
                look_at = now() + make_interval(secs => $5)
              FROM unnest($1::uuid[], $2::integer[], $3::bigint[], $4::integer[])
                AS p (id, partition, sent_offset, attempt)
              WHERE r.id = p.id AND r.id = ANY ($1) AND (r.state IN ('queued', 'sending', 'uncertain')) IS TRUE
              RETURNING r.id, r.letter_id, r.target_topic, r.sent_partition, r.sent_offset),
            replayed AS (
              UPDATE letter_state SET status = 'replayed', version = version + 1, changed_at = now()
              WHERE letter_id = ANY (ARRAY (SELECT letter_id FROM done)) AND (status IN ('open', 'replaying')) IS TRUE)
            SELECT id, letter_id, target_topic, sent_partition, sent_offset FROM done""";

    /** Only a row that had a place can have left a copy, and each attempt may leave one. */
    private static final String REQUEUE = """
            UPDATE replay SET state = 'queued', next_try_at = now(), updated_at = now(),
              copy_search_due = pre_send_end IS NOT NULL
            WHERE cluster_id = $1 AND lane = $2 AND state = 'sending'""";

    private static final String RESEND = """
            UPDATE replay SET state = 'queued', next_try_at = now(), updated_at = now(),
              possible_duplicate = possible_duplicate OR pre_send_end IS NOT NULL
            WHERE cluster_id = $1 AND lane = $2 AND state = 'sending' AND id = ANY ($3)""";

    private static final String UNCERTAIN = """
            UPDATE replay
            SET state = 'uncertain', outcome = 'uncertain', last_error = $3, updated_at = now(), settled_at = now()
            WHERE cluster_id = $1 AND lane = $2 AND state = 'sending'
            RETURNING id, letter_id, target_topic, last_error""";

    private static final String HOLD = """
            UPDATE replay_lane SET health = 'hold', health_detail = $3, changed_at = now()
            WHERE cluster_id = $1 AND lane = $2""";

    private static final String BIND = """
            UPDATE replay_lane SET receipts_topic_id = $3, receipts_next_offset = $4
            WHERE cluster_id = $1 AND lane = $2""";

    private final Pool pool;
    private final ChangeStore changes;
    private final Duration outcomeWindow;
    private final ReplayMetrics metrics;

    RecoveryStore(Pool pool, ChangeStore changes, Duration outcomeWindow, ReplayMetrics metrics) {
        this.pool = pool;
        this.changes = changes;
        this.outcomeWindow = outcomeWindow;
        this.metrics = metrics;
    }

    /** That a replay is committed in its target, and where. */
    record Proof(UUID replayId, int attempt, int partition, long offset) {
        static Proof of(Receipt receipt) {
            var target = receipt.target();
            return new Proof(receipt.replayId(), receipt.attempt(), target.partition(), target.offset());
        }
    }

    /**
     * Settles what receipts prove, puts the rest back and moves the receipts position, all or nothing.
     *
     * @param receipts all committed ones between the lane's position and the barrier
     * @param next offset behind the barrier
     */
    Future<Void> reconcile(LaneId lane, long fence, List<Receipt> receipts, UUID receiptsTopicId, long next) {
        var proofs = receipts.stream().map(Proof::of).toList();
        return owned(
                lane,
                fence,
                connection -> settle(connection, proofs)
                        .compose(sent -> UnknownReplayStore.remember(connection, lane, receipts, outcomeWindow)
                                .compose(remembered -> connection
                                        .preparedQuery(REQUEUE)
                                        .execute(Tuple.of(lane.clusterId(), lane.lane())))
                                .compose(requeued -> connection
                                        .preparedQuery(BIND)
                                        .execute(Tuple.of(lane.clusterId(), lane.lane(), receiptsTopicId, next)))
                                .map(new Decided(sent, List.of()))));
    }

    /**
     * The same without receipts: what a search of the targets found is done, what it certainly did not find is sent
     * again and marked as a possible duplicate, and of the rest nobody knows.
     */
    Future<Void> reconcile(LaneId lane, long fence, List<Proof> proofs, List<UUID> resend, String whyNot) {
        return owned(
                lane,
                fence,
                connection -> settle(connection, proofs)
                        .compose(sent -> connection
                                .preparedQuery(RESEND)
                                .execute(Tuple.of(lane.clusterId(), lane.lane(), resend.toArray(UUID[]::new)))
                                .compose(requeued -> giveUp(connection, lane, whyNot))
                                .map(uncertain -> new Decided(sent, uncertain))));
    }

    /** Says of every replay in doubt that nobody can prove its fate, and of the lane that it waits for a person. */
    Future<Void> hold(LaneId lane, HoldListener.Hold hold, HoldListener listener) {
        return owned(
                lane,
                hold.fence(),
                connection -> giveUp(connection, lane, hold.why())
                        .compose(uncertain -> connection
                                .preparedQuery(HOLD)
                                .execute(Tuple.of(lane.clusterId(), lane.lane(), hold.why()))
                                .compose(held -> listener.onHold(connection, hold))
                                .map(new Decided(List.of(), uncertain))));
    }

    /** Targets of the replays of which it is known now that they were sent, or that nobody can tell. */
    private record Decided(List<String> sent, List<String> uncertain) {}

    private Future<Void> owned(LaneId lane, long fence, Function<SqlConnection, Future<Decided>> work) {
        return pool.withTransaction(connection -> connection
                        .preparedQuery(OWN)
                        .execute(Tuple.of(lane.clusterId(), lane.lane(), fence))
                        .compose(rows -> rows.size() == 1
                                ? work.apply(connection)
                                : Future.failedFuture(new IllegalStateException(lane + " has another owner now"))))
                .onSuccess(decided -> {
                    metrics.sent(decided.sent());
                    metrics.uncertain(decided.uncertain());
                })
                .mapEmpty();
    }

    /** @return the targets of those that were not settled before */
    private Future<List<String>> settle(SqlConnection connection, List<Proof> proofs) {
        if (proofs.isEmpty()) {
            return Future.succeededFuture(List.of());
        }
        var columns = Tuple.of(
                proofs.stream().map(Proof::replayId).toArray(UUID[]::new),
                proofs.stream().map(Proof::partition).toArray(Integer[]::new),
                proofs.stream().map(Proof::offset).toArray(Long[]::new),
                proofs.stream().map(Proof::attempt).toArray(Integer[]::new),
                outcomeWindow.toMillis() / 1000.0);
        return connection
                .preparedQuery(PROVEN)
                .execute(columns)
                .compose(done -> changes.record(
                                connection,
                                done.stream().map(ReplayEvents::sent).toList())
                        .map(recorded -> topics(done)));
    }

    private static List<String> topics(RowSet<Row> rows) {
        return rows.stream().map(row -> row.getString("target_topic")).toList();
    }

    private Future<List<String>> giveUp(SqlConnection connection, LaneId lane, String why) {
        return connection
                .preparedQuery(UNCERTAIN)
                .execute(Tuple.of(lane.clusterId(), lane.lane(), why))
                .compose(rows -> changes.record(
                                connection,
                                rows.stream().map(RecoveryStore::uncertainEvent).toList())
                        .map(recorded -> topics(rows)));
    }

    private static AuditEvent uncertainEvent(Row row) {
        return ReplayEvents.of(row, "replay-uncertain", new JsonObject().put("error", row.getString("last_error")));
    }
}
