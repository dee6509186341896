package dev.redrive.grouping;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Moves letters from group to group, with everything that is counted of them. Their rows are locked by the caller; then
 * groups, counters, buckets and tallies follow in this order, which is the one of ingest.
 */
final class LetterMoveStore {

    /** @param home the group the letter belongs to; @param splitOff whether a split gave it that group */
    record Lying(long letterId, int version, long home, boolean splitOff) {}

    /** @param source where it lay before */
    record Moved(long letterId, int version, long source) {}

    private static final String LYING = """
            SELECT s.letter_id, s.version, coalesce(s.home_group_id, s.failure_group_id) AS home,
              EXISTS (SELECT FROM split_rule r WHERE r.target_id = coalesce(s.home_group_id, s.failure_group_id)) AS split_off
            FROM letter_state s WHERE s.letter_id = ANY ($1)""";

    /** Whoever merges or splits them waits until the letters are where they belong, or we see what he did. */
    private static final String HOLD = """
            SELECT g.id FROM failure_group g
            WHERE g.id IN (
              SELECT unnest($1::bigint[])
              UNION SELECT s.merged_into FROM failure_group_state s WHERE s.failure_group_id = ANY ($1))
            ORDER BY g.id FOR KEY SHARE OF g""";

    /** Those of earlier batches too: the last one settles them all, and must not begin at the end. */
    private static final String HOLD_COUNTERS = """
            SELECT failure_group_id FROM failure_group_counter WHERE failure_group_id IN (
              SELECT s.failure_group_id FROM letter_state s WHERE s.letter_id = ANY ($1)
              UNION SELECT coalesce(m.merged_into, w.home)
              FROM unnest($2::bigint[]) AS w (home) LEFT JOIN failure_group_state m ON m.failure_group_id = w.home
              UNION SELECT from_id FROM failure_group_move WHERE job_id = $3
              UNION SELECT to_id FROM failure_group_move WHERE job_id = $3)
            ORDER BY failure_group_id FOR UPDATE""";

    /**
     * The version stays, for it counts what people decide about a letter: an undo of that still holds. Counters and
     * tallies follow by the triggers of letter_state. No group is woken: the letters are not new.
     */
    private static final String MOVE = """
            WITH wanted AS (
              SELECT w.letter_id, w.home, coalesce(m.merged_into, w.home) AS place
              FROM unnest($1::bigint[], $2::bigint[]) AS w (letter_id, home)
              LEFT JOIN failure_group_state m ON m.failure_group_id = w.home),
            moved AS (
              UPDATE letter_state s SET failure_group_id = w.place, home_group_id = nullif(w.home, w.place)
              FROM wanted w JOIN letter_state o ON o.letter_id = w.letter_id
              WHERE s.letter_id = w.letter_id
                AND (s.failure_group_id, s.home_group_id) IS DISTINCT FROM (w.place, nullif(w.home, w.place))
              RETURNING s.letter_id, s.version, o.failure_group_id AS source, w.place AS target, s.failed_hour),
            gone AS (SELECT * FROM moved WHERE source <> target),
            buckets AS (
              INSERT INTO failure_group_bucket AS b (failure_group_id, hour, letters)
              SELECT failure_group_id, to_timestamp(failed_hour * 3600.0), sum(n) FROM (
                SELECT target AS failure_group_id, failed_hour, 1 AS n FROM gone
                UNION ALL SELECT source, failed_hour, -1 FROM gone) AS moves
              GROUP BY 1, 2 HAVING sum(n) <> 0 ORDER BY 1, 2
              ON CONFLICT (failure_group_id, hour) DO UPDATE SET letters = b.letters + excluded.letters),
            seen AS (
              UPDATE failure_group_counter c SET
                first_seen_at = CASE WHEN c.letters > 0 THEN least(c.first_seen_at, came.first) ELSE came.first END,
                last_seen_at = CASE WHEN c.letters > 0 THEN greatest(c.last_seen_at, came.last) ELSE came.last END
              FROM (
                SELECT gone.target, min(d.failed_at) AS first, max(d.failed_at) AS last
                FROM gone JOIN dead_letter d ON d.id = gone.letter_id GROUP BY 1) AS came
              WHERE c.failure_group_id = came.target),
            noted AS (
              INSERT INTO failure_group_move AS n (job_id, from_id, to_id, letters)
              SELECT $3, source, target, count(*) FROM gone GROUP BY 2, 3 ORDER BY 2, 3
              ON CONFLICT (job_id, from_id, to_id) DO UPDATE SET letters = n.letters + excluded.letters)
            SELECT letter_id, version, source FROM moved""";

    private static final String HOLD_MOVED = """
            SELECT failure_group_id FROM failure_group_counter
            WHERE failure_group_id IN (
              SELECT from_id FROM failure_group_move WHERE job_id = $1 UNION SELECT to_id FROM failure_group_move WHERE job_id = $1)
            ORDER BY failure_group_id FOR UPDATE""";

    /** What letters left may have begun or ended with one of them; its first and last hour tell anew. */
    private static final String SEEN_AGAIN = """
            WITH ends AS (
              SELECT b.failure_group_id, min(b.hour) AS first, max(b.hour) AS last FROM failure_group_bucket b
              WHERE b.letters > 0 AND b.failure_group_id IN (SELECT from_id FROM failure_group_move WHERE job_id = $1)
              GROUP BY 1)
            UPDATE failure_group_counter c SET
              first_seen_at = coalesce((
                SELECT min(d.failed_at) FROM letter_state s JOIN dead_letter d ON d.id = s.letter_id
                WHERE s.failure_group_id = ends.failure_group_id
                  AND s.failed_hour = (extract(epoch FROM ends.first) / 3600)::integer), c.first_seen_at),
              last_seen_at = coalesce((
                SELECT max(d.failed_at) FROM letter_state s JOIN dead_letter d ON d.id = s.letter_id
                WHERE s.failure_group_id = ends.failure_group_id
                  AND s.failed_hour = (extract(epoch FROM ends.last) / 3600)::integer), c.last_seen_at)
            FROM ends WHERE c.failure_group_id = ends.failure_group_id""";

    private static final String FORGET_EMPTY_HOURS = """
            DELETE FROM failure_group_bucket WHERE letters = 0
              AND failure_group_id IN (SELECT from_id FROM failure_group_move WHERE job_id = $1)""";

    private static final String TELL = """
            SELECT pg_notify('redrive_changed', json_build_object('what', 'failure-groups')::text)""";

    private LetterMoveStore() {}

    static Future<List<Lying>> lying(SqlConnection connection, List<Long> letters) {
        return connection
                .preparedQuery(LYING)
                .mapping(row -> new Lying(
                        row.getLong("letter_id"),
                        row.getInteger("version"),
                        row.getLong("home"),
                        row.getBoolean("split_off")))
                .execute(Tuple.tuple().addArrayOfLong(array(letters)))
                .map(rows -> rows.stream().toList());
    }

    /**
     * Puts letters where the groups they belong to are by now.
     *
     * @param homes the group each letter belongs to
     * @return those that were not there yet
     */
    static Future<Map<Long, Moved>> move(SqlConnection connection, UUID job, Map<Long, Long> homes) {
        if (homes.isEmpty()) {
            return Future.succeededFuture(Map.of());
        }
        var letters = new ArrayList<>(homes.keySet());
        var groups = letters.stream().map(homes::get).toList();
        return connection
                .preparedQuery(HOLD)
                .execute(Tuple.tuple().addArrayOfLong(array(groups)))
                .compose(held -> connection
                        .preparedQuery(HOLD_COUNTERS)
                        .execute(arrays(letters, groups).addUUID(job)))
                .compose(held -> connection
                        .preparedQuery(MOVE)
                        .execute(arrays(letters, groups).addUUID(job)))
                .map(rows -> {
                    var moved = new HashMap<Long, Moved>();
                    rows.forEach(row -> moved.put(
                            row.getLong("letter_id"),
                            new Moved(row.getLong("letter_id"), row.getInteger("version"), row.getLong("source"))));
                    return moved;
                });
    }

    /** Once, when all letters of the job are where they belong: first and last failure of the groups they left. */
    static Future<Void> settle(SqlConnection connection, UUID job) {
        var id = Tuple.of(job);
        return connection
                .preparedQuery(HOLD_MOVED)
                .execute(id)
                .compose(held -> connection.preparedQuery(SEEN_AGAIN).execute(id))
                .compose(seen -> connection.preparedQuery(FORGET_EMPTY_HOURS).execute(id))
                .compose(forgotten -> connection.query(TELL).execute())
                .mapEmpty();
    }

    private static Tuple arrays(List<Long> letters, List<Long> groups) {
        return Tuple.tuple().addArrayOfLong(array(letters)).addArrayOfLong(array(groups));
    }

    private static Long[] array(List<Long> ids) {
        return ids.toArray(Long[]::new);
    }
}
