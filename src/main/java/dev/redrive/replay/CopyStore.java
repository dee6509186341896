package dev.redrive.replay;

import dev.redrive.audit.AuditEvent;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Which replays may have left a copy in their target, where to search for it, and what was found. */
final class CopyStore {

    private static final String IN_DOUBT = """
            SELECT id, target_topic, target_partition, pre_send_end,
              NOT ('no-redrive-headers' = ANY (overrides)) AS recognisable
            FROM replay
            WHERE cluster_id = $1 AND lane = $2 AND state = 'sending' ORDER BY seq""";

    private static final String UNSEARCHED = """
            SELECT id, target_topic, target_partition, pre_send_end, true AS recognisable
            FROM replay
            WHERE cluster_id = $1 AND lane = $2 AND state = 'queued' AND copy_search_due
              AND NOT ('no-redrive-headers' = ANY (overrides))
            ORDER BY seq LIMIT 1000""";

    /** Only by the lane's owner: the search of an earlier one began before what a later one sent. */
    private static final String SEARCHED = """
            WITH mine AS (
              SELECT FROM replay_lane WHERE cluster_id = $1 AND lane = $2 AND fence = $3 FOR SHARE)
            UPDATE replay SET copy_search_due = false
            WHERE id = ANY ($4) AND state = 'queued' AND EXISTS (SELECT FROM mine)""";

    /** A copy that was met before is known already. */
    private static final String KEEP = """
            WITH met AS (
              INSERT INTO aborted_copy (replay_id, partition, record_offset)
              SELECT * FROM unnest($1::uuid[], $2::integer[], $3::bigint[])
              ON CONFLICT DO NOTHING RETURNING replay_id, partition, record_offset)
            SELECT r.id, r.letter_id, r.target_topic, m.partition, m.record_offset
            FROM met m JOIN replay r ON r.id = m.replay_id
            ORDER BY r.seq, m.partition, m.record_offset""";

    private final Pool pool;
    private final ChangeStore changes;

    CopyStore(Pool pool, ChangeStore changes) {
        this.pool = pool;
        this.changes = changes;
    }

    /**
     * A replay of which the target may hold a record.
     *
     * @param place null where it died before a place was chosen, and so before anything was sent
     * @param from end of the partition before anything was sent
     * @param recognisable false where the record carries no replay id
     */
    record Suspect(UUID replayId, @Nullable TopicPartition place, long from, boolean recognisable) {
        static Suspect from(Row row) {
            @Nullable Integer partition = row.getInteger("target_partition");
            @Nullable Long from = row.getLong("pre_send_end");
            return partition == null || from == null
                    ? new Suspect(row.getUUID("id"), null, 0, true)
                    : new Suspect(
                            row.getUUID("id"),
                            new TopicPartition(row.getString("target_topic"), partition),
                            from,
                            row.getBoolean("recognisable"));
        }
    }

    /** Replays that were being sent when their owner went. */
    Future<List<Suspect>> inDoubt(LaneId lane) {
        return suspects(IN_DOUBT, lane);
    }

    /** Replays that are proven not to be committed, but may have left a copy for readers of uncommitted data. */
    Future<List<Suspect>> unsearched(LaneId lane) {
        return suspects(UNSEARCHED, lane);
    }

    private Future<List<Suspect>> suspects(String sql, LaneId lane) {
        return pool.preparedQuery(sql)
                .mapping(Suspect::from)
                .execute(Tuple.of(lane.clusterId(), lane.lane()))
                .map(rows -> rows.stream().toList());
    }

    /**
     * Keeps what a search found. A copy is a fact, whoever met it.
     *
     * @param searched replays of which there is no other copy behind the end that was noted before sending
     */
    Future<Void> report(LaneId lane, long fence, List<Sender.Copy> found, List<UUID> searched) {
        return pool.withTransaction(connection -> keep(connection, found)
                .compose(kept -> connection
                        .preparedQuery(SEARCHED)
                        .execute(Tuple.of(lane.clusterId(), lane.lane(), fence, searched.toArray(UUID[]::new))))
                .mapEmpty());
    }

    /** An owner whose batch was aborted knows what it left behind, and need not search. */
    Future<Void> aborted(List<Sender.Copy> left) {
        return left.isEmpty() ? Future.succeededFuture() : pool.withTransaction(connection -> keep(connection, left));
    }

    private Future<Void> keep(SqlConnection connection, List<Sender.Copy> copies) {
        return connection
                .preparedQuery(KEEP)
                .execute(Tuple.of(
                        copies.stream().map(Sender.Copy::replayId).toArray(UUID[]::new),
                        copies.stream().map(Sender.Copy::partition).toArray(Integer[]::new),
                        copies.stream().map(Sender.Copy::offset).toArray(Long[]::new)))
                .compose(met -> changes.record(
                        connection, met.stream().map(CopyStore::seenEvent).toList()));
    }

    private static AuditEvent seenEvent(Row row) {
        return ReplayEvents.of(
                row,
                "aborted-copy-seen",
                new JsonObject()
                        .put("topic", row.getString("target_topic"))
                        .put("partition", row.getInteger("partition"))
                        .put("offset", Long.toString(row.getLong("record_offset"))));
    }
}
