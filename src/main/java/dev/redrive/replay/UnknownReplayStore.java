package dev.redrive.replay;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The SQL of {@code unknown_replay}: replays that receipts prove and this database does not know, because it was restored
 * to a time before. One whose letter is here becomes a replay that is done; the others wait for their letters.
 */
final class UnknownReplayStore {

    private static final String REMEMBER = """
            INSERT INTO unknown_replay (replay_id, kafka_id, topic_id, kafka_partition, kafka_offset, leader_epoch,
              cluster_id, lane, attempt, target_topic, target_topic_id, sent_partition, sent_offset, content_hash,
              job_id, outcome_window)
            SELECT r.*, make_interval(secs => $16)
            FROM (SELECT replay_id, kafka_id, topic_id, kafka_partition, kafka_offset, leader_epoch,
                $14::smallint, $15::integer, attempt, target_topic, target_topic_id, sent_partition,
                sent_offset, content_hash, job_id
              FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::integer[], $5::bigint[], $6::integer[], $7::integer[],
                $8::text[], $9::uuid[], $10::integer[], $11::bigint[], $12::bytea[], $13::uuid[])
                AS met (replay_id, kafka_id, topic_id, kafka_partition, kafka_offset, leader_epoch, attempt,
                target_topic, target_topic_id, sent_partition, sent_offset, content_hash, job_id)) AS r
            WHERE NOT EXISTS (SELECT FROM replay known WHERE known.id = r.replay_id)
            ON CONFLICT (replay_id) DO NOTHING""";

    private static final String KNOW = "SELECT know_replays($1::uuid[])";

    /** A letter whose transaction was open while the receipt was met has seen nothing of it. */
    private static final String KNOW_LATE = """
            SELECT know_replays(ARRAY(
              SELECT replay_id FROM unknown_replay WHERE met_at > now() - interval '10 min' ORDER BY met_at DESC LIMIT 1000))
            WHERE EXISTS (SELECT FROM unknown_replay)""";

    private UnknownReplayStore() {}

    /** In the caller's transaction, which owns the lane. @param receipts committed ones, known or not */
    static Future<Void> remember(
            SqlConnection connection, LaneId lane, List<Receipt> receipts, Duration outcomeWindow) {
        if (receipts.isEmpty()) {
            return Future.succeededFuture();
        }
        var ids = column(receipts, Receipt::replayId, new UUID[0]);
        var columns = Tuple.tuple()
                .addArrayOfUUID(ids)
                .addArrayOfString(column(receipts, each -> each.letter().cluster(), new String[0]))
                .addArrayOfUUID(column(receipts, each -> each.letter().topicId(), new UUID[0]))
                .addArrayOfInteger(column(receipts, each -> each.letter().partition(), new Integer[0]))
                .addArrayOfLong(column(receipts, each -> each.letter().offset(), new Long[0]))
                .addArrayOfInteger(column(receipts, each -> each.letter().leaderEpoch(), new Integer[0]))
                .addArrayOfInteger(column(receipts, Receipt::attempt, new Integer[0]))
                .addArrayOfString(column(receipts, each -> each.target().topic(), new String[0]))
                .addArrayOfUUID(column(receipts, each -> each.target().topicId(), new UUID[0]))
                .addArrayOfInteger(column(receipts, each -> each.target().partition(), new Integer[0]))
                .addArrayOfLong(column(receipts, each -> each.target().offset(), new Long[0]))
                .addArrayOfBuffer(column(receipts, Receipt::contentHash, new Buffer[0]))
                .addArrayOfUUID(column(receipts, Receipt::jobId, new UUID[0]))
                .addShort(lane.clusterId())
                .addInteger(lane.lane())
                .addDouble(outcomeWindow.toMillis() / 1000.0);
        return connection
                .preparedQuery(REMEMBER)
                .execute(columns)
                .compose(remembered ->
                        connection.preparedQuery(KNOW).execute(Tuple.tuple().addArrayOfUUID(ids)))
                .mapEmpty();
    }

    private static <T> T[] column(List<Receipt> receipts, Function<Receipt, @Nullable T> value, T[] type) {
        return receipts.stream().map(value).toList().toArray(type);
    }

    /** For letters that came in at the very moment in which a receipt was met. */
    static Future<Void> knowLate(SqlClient client) {
        return client.preparedQuery(KNOW_LATE).execute().mapEmpty();
    }
}
