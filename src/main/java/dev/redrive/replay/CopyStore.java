package dev.redrive.replay;

import dev.redrive.audit.AuditEvent;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
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
            WHERE cluster_id = $1 AND lane = $2 AND state = 'queued' AND aborted_copy = 'unknown'
              AND NOT ('no-redrive-headers' = ANY (overrides))
            ORDER BY seq LIMIT 1000""";

    private static final String SEARCHED = """
            UPDATE replay r
            SET aborted_copy = CASE WHEN s.copy_offset IS NULL THEN 'none' ELSE 'seen' END,
              aborted_partition = s.partition, aborted_offset = s.copy_offset
            FROM unnest($1::uuid[], $2::integer[], $3::bigint[]) AS s (id, partition, copy_offset)
            WHERE r.id = s.id AND r.aborted_copy = 'unknown'
            RETURNING r.id, r.letter_id, r.target_topic, r.aborted_partition, r.aborted_offset""";

    private static final String ABORTED = """
            UPDATE replay r
            SET aborted_copy = 'seen', aborted_partition = c.partition, aborted_offset = c.copy_offset
            FROM unnest($2::uuid[], $3::integer[], $4::bigint[]) AS c (id, partition, copy_offset)
            WHERE r.id = c.id AND r.state = 'sending' AND r.fence = $1
            RETURNING r.id, r.letter_id, r.target_topic, r.aborted_partition, r.aborted_offset""";

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

    /** @param offset null where there is none */
    record Searched(
            UUID replayId,
            @Nullable Integer partition,
            @Nullable Long offset) {}

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

    Future<Void> report(List<Searched> searched) {
        var columns = Tuple.of(
                searched.stream().map(Searched::replayId).toArray(UUID[]::new),
                searched.stream().map(Searched::partition).toArray(Integer[]::new),
                searched.stream().map(Searched::offset).toArray(Long[]::new));
        return keep(SEARCHED, columns);
    }

    /** An owner whose batch was aborted knows what it left behind, and need not search. */
    Future<Void> aborted(long fence, List<Sender.Copy> left) {
        if (left.isEmpty()) {
            return Future.succeededFuture();
        }
        return keep(
                ABORTED,
                Tuple.of(
                        fence,
                        left.stream().map(Sender.Copy::replayId).toArray(UUID[]::new),
                        left.stream().map(Sender.Copy::partition).toArray(Integer[]::new),
                        left.stream().map(Sender.Copy::offset).toArray(Long[]::new)));
    }

    private Future<Void> keep(String sql, Tuple columns) {
        return pool.withTransaction(connection -> connection
                .preparedQuery(sql)
                .execute(columns)
                .compose(rows -> changes.record(
                        connection,
                        rows.stream()
                                .filter(row -> row.getLong("aborted_offset") != null)
                                .map(CopyStore::seenEvent)
                                .toList())));
    }

    private static AuditEvent seenEvent(Row row) {
        return ReplayEvents.of(
                row,
                "aborted-copy-seen",
                new JsonObject()
                        .put("topic", row.getString("target_topic"))
                        .put("partition", row.getInteger("aborted_partition"))
                        .put("offset", Long.toString(row.getLong("aborted_offset"))));
    }
}
