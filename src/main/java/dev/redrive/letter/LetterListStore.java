package dev.redrive.letter;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.util.List;

/** What a list shows of letters. Never reads bytes of records, apart from the beginning of a key. */
final class LetterListStore {

    private static final String SUMMARIES = """
            SELECT s.letter_id, s.version, s.status, s.returns, s.parent_id, s.changed_at, s.failure_group_id,
              s.assignee, s.tags, s.notes,
              d.failed_at, d.ingested_at, d.kafka_partition, d.kafka_offset, d.kafka_timestamp, d.leader_epoch,
              d.convention, d.payload, d.replayable, d.value_size, substring(d.key FROM 1 FOR 64) AS key_start,
              d.origin_topic, d.origin_partition, d.origin_offset, d.origin_timestamp, d.origin_group,
              d.origin_inferred_from, d.exception_class, d.cause_class, left(d.message, 1000) AS message, d.attempts,
              d.replay_id, t.name AS topic, t.topic_id, c.name AS cluster
            FROM unnest($1::bigint[]) AS found (letter_id)
            JOIN letter_state s ON s.letter_id = found.letter_id
            JOIN dead_letter d ON d.id = found.letter_id
            JOIN dead_letter_topic t ON t.id = d.topic_ref
            JOIN cluster c ON c.id = t.cluster_id
            ORDER BY found.letter_id DESC""";

    private LetterListStore() {}

    /** @return rows of {@link LetterJson#summary}, highest id first */
    static Future<List<Row>> summaries(SqlClient client, List<Long> ids) {
        return ids.isEmpty()
                ? Future.succeededFuture(List.of())
                : client.preparedQuery(SUMMARIES)
                        .execute(Tuple.tuple().addArrayOfLong(ids.toArray(Long[]::new)))
                        .map(rows -> rows.stream().toList());
    }
}
