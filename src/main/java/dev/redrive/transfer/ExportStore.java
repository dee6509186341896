package dev.redrive.transfer;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import java.util.Collection;
import java.util.List;

/** Reads letters whole, a bounded part of their bytes at a time. */
final class ExportStore {

    /** Three chunks: a multiple of three, so that the base64 of one piece goes on where the last one ended. */
    static final int PIECE_BYTES = 3 * 256 * 1024;

    private static final String LETTERS = """
            SELECT d.id, d.kafka_offset, d.kafka_timestamp, d.failed_at, d.ingested_at, d.kafka_partition, d.leader_epoch,
              d.timestamp_type, d.storage, d.payload, d.replayable, d.convention, d.content_hash, d.value_size, d.key,
              d.value, d.headers, d.trace_messages, d.unwrapped, d.origin_topic, d.origin_partition, d.origin_offset,
              d.origin_timestamp, d.origin_group, d.origin_inferred_from, d.exception_class, d.cause_class, d.message,
              d.attempts, d.latest, d.details, d.replay_drops, d.replay_id,
              s.status, s.returns, s.failure_group_id, s.assignee, s.tags,
              t.name AS topic, t.topic_id, c.kafka_id, c.name AS cluster, trace.frames,
              CASE WHEN s.notes > 0 THEN (
                SELECT json_agg(json_build_object('author', author, 'text', text, 'at', created_at) ORDER BY id)
                FROM letter_note WHERE letter_id = d.id) END AS notes
            FROM dead_letter d
            JOIN letter_state s ON s.letter_id = d.id
            JOIN dead_letter_topic t ON t.id = d.topic_ref
            JOIN cluster c ON c.id = t.cluster_id
            LEFT JOIN stack_trace trace ON trace.hash = d.trace_hash
            WHERE d.id = ANY ($1) ORDER BY d.id""";

    private static final String PIECE = """
            SELECT bytes FROM letter_chunk WHERE letter_id = $1 AND no BETWEEN $2 AND $2 + 2 ORDER BY no""";

    private final Pool pool;

    ExportStore(Pool pool) {
        this.pool = pool;
    }

    /** @return those that exist, lowest id first; a value in pieces is not read */
    Future<List<ExportedLetter>> letters(Collection<Long> ids) {
        return pool.preparedQuery(LETTERS)
                .mapping(ExportedLetter::from)
                .execute(Tuple.tuple().addArrayOfLong(ids.toArray(Long[]::new)))
                .map(rows -> rows.stream().toList());
    }

    /** @return the bytes from {@code no * PIECE_BYTES} on; fewer than PIECE_BYTES only at the end of the value */
    Future<Buffer> piece(long letterId, int no) {
        return pool.preparedQuery(PIECE).execute(Tuple.of(letterId, no * 3)).map(rows -> {
            var piece = Buffer.buffer(PIECE_BYTES);
            rows.forEach(row -> piece.appendBuffer(row.getBuffer("bytes")));
            return piece;
        });
    }
}
