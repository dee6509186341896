package dev.redrive.replay;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which letters share their key and origin with others. Served by the index of the first bytes of keys. */
final class WarningStore {

    /** Whether the later one is meant as well or not. */
    private static final String NEWER = """
            SELECT d.id FROM dead_letter d WHERE d.id = ANY ($1) AND d.key IS NOT NULL AND EXISTS (
              SELECT FROM dead_letter n
              WHERE substring(n.key FROM 1 FOR 64) = substring(d.key FROM 1 FOR 64) AND n.key = d.key AND n.id > d.id
                AND n.origin_topic IS NOT DISTINCT FROM d.origin_topic)""";

    /** Looks at the hundred before it, because a key may have any number of letters. */
    private static final String EARLIER = """
            SELECT d.id, e.id AS earlier FROM dead_letter d CROSS JOIN LATERAL (
              SELECT near.id FROM (
                SELECT n.id FROM dead_letter n
                WHERE substring(n.key FROM 1 FOR 64) = substring(d.key FROM 1 FOR 64) AND n.key = d.key AND n.id < d.id
                  AND n.origin_topic IS NOT DISTINCT FROM d.origin_topic
                ORDER BY n.id DESC LIMIT 100) AS near
                JOIN letter_state s ON s.letter_id = near.id AND s.status = 'open'
              ORDER BY near.id DESC LIMIT 1) AS e
            WHERE d.id = ANY ($1) AND d.key IS NOT NULL""";

    private WarningStore() {}

    /** @return letters of which a later one with the same key and origin is stored */
    static Future<Set<Long>> newer(SqlConnection connection, List<Long> ids) {
        return connection.preparedQuery(NEWER).execute(all(ids)).map(rows -> {
            var found = new HashSet<Long>();
            rows.forEach(row -> found.add(row.getLong("id")));
            return Set.copyOf(found);
        });
    }

    /** @return by letter the latest open one before it that has its key and origin */
    static Future<Map<Long, Long>> earlier(SqlConnection connection, List<Long> ids) {
        return connection.preparedQuery(EARLIER).execute(all(ids)).map(rows -> {
            var found = new HashMap<Long, Long>();
            rows.forEach(row -> found.put(row.getLong("id"), row.getLong("earlier")));
            return Map.copyOf(found);
        });
    }

    private static Tuple all(List<Long> ids) {
        return Tuple.tuple().addArrayOfLong(ids.toArray(Long[]::new));
    }
}
