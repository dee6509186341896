package dev.redrive.letter;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The beginning of what a letter holds, for whoever shows it elsewhere than at the desk. */
public final class LetterExcerptStore {

    /** By each status apart, so that the index finds it however many letters the group has. */
    private static final String FIRST = """
            SELECT g.id, min(l.letter_id) AS letter_id
            FROM unnest($1::bigint[]) AS g (id)
            CROSS JOIN unnest(ARRAY['open', 'replaying', 'replayed', 'recovered', 'returned', 'discarded']) AS s (status)
            CROSS JOIN LATERAL (
              SELECT letter_id FROM letter_state WHERE failure_group_id = g.id AND status = s.status
              ORDER BY letter_id LIMIT 1) AS l
            GROUP BY g.id""";

    private static final String BEGINNING = """
            SELECT d.unwrapped, substring(coalesce(d.value,
                (SELECT c.bytes FROM letter_chunk c WHERE c.letter_id = d.id AND c.no = 0)) FROM 1 FOR $2) AS value
            FROM dead_letter d WHERE d.id = $1 AND d.storage <> 'pointer'""";

    private LetterExcerptStore() {}

    /** @return the first letter of each failure group that was not purged; groups without one are missing */
    public static Future<Map<Long, Long>> firstOf(SqlClient client, Collection<Long> groups) {
        return client.preparedQuery(FIRST)
                .execute(Tuple.of(groups.toArray(Long[]::new)))
                .map(rows -> rows.stream()
                        .collect(Collectors.toUnmodifiableMap(
                                row -> row.getLong("id"), row -> row.getLong("letter_id"))));
    }

    /**
     * @param bytes at most so many
     * @return the beginning of the value that failed, in an envelope too; empty where there is none, or not any more
     */
    public static Future<Optional<Buffer>> beginning(SqlClient client, long letter, int bytes) {
        return client.preparedQuery(BEGINNING)
                .execute(Tuple.of(letter, bytes))
                .map(rows -> rows.stream().findFirst().flatMap(row -> Optional.ofNullable(value(row, bytes))));
    }

    private static @Nullable Buffer value(Row row, int bytes) {
        @Nullable Buffer unwrapped = row.getBuffer("unwrapped");
        var value = unwrapped == null
                ? row.getBuffer("value")
                : ContentCodec.decode(unwrapped).value();
        return value == null || value.length() <= bytes ? value : value.getBuffer(0, bytes);
    }
}
