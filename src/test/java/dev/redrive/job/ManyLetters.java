package dev.redrive.job;

import dev.redrive.http.ApiServer;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;

/** Copies of a stored letter at other offsets, in two statements for any number of them. */
final class ManyLetters {

    private static final String COPY = """
            INSERT INTO dead_letter (kafka_offset, kafka_timestamp, failed_at, failure_group_id, topic_ref,
              kafka_partition, leader_epoch, timestamp_type, storage, payload, replayable, convention, content_hash,
              replay_drops)
            SELECT 1000000 + n + $3, kafka_timestamp, failed_at, failure_group_id, topic_ref, kafka_partition,
              leader_epoch, timestamp_type, storage, payload, replayable, convention, content_hash, replay_drops
            FROM dead_letter, generate_series(1, $2::integer) AS n WHERE id = $1""";

    private static final String STATES = """
            INSERT INTO letter_state (letter_id, failure_group_id, topic_ref)
            SELECT id, failure_group_id, topic_ref FROM dead_letter d
            WHERE NOT EXISTS (SELECT FROM letter_state s WHERE s.letter_id = d.id)""";

    private static final String COUNT = """
            UPDATE failure_group_counter SET letters = letters + $1::integer, open = open + $1::integer""";

    private ManyLetters() {}

    /** @param client a connection with a transaction, to let them wait for its commit */
    static void copy(SqlClient client, long letter, int times, int from) throws Exception {
        ApiServer.await(client.preparedQuery(COPY).execute(Tuple.of(letter, times, (long) from)));
        ApiServer.await(client.query(STATES).execute());
        ApiServer.await(client.preparedQuery(COUNT).execute(Tuple.of(times)));
    }

    static long count(Pool pool, String sql) throws Exception {
        return ApiServer.await(pool.query("SELECT count(*) FROM " + sql).execute())
                .iterator()
                .next()
                .getLong(0);
    }
}
