package dev.redrive.ingest;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** Finds the kinds of letters, and writes those that are new. Kinds are few and never change, so they are remembered. */
final class LetterKindStore {

    private static final String KNOWN = "SELECT id, key FROM letter_kind WHERE key = ANY ($1)";

    private static final String CREATE = """
            INSERT INTO letter_kind (key, topic_ref, origin_topic, origin_group, convention, exception_class, cause_class)
            SELECT * FROM unnest($1::bytea[], $2::integer[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[])
              AS met (key, topic_ref, origin_topic, origin_group, convention, exception_class, cause_class)
            ORDER BY key
            ON CONFLICT (key) DO NOTHING""";

    private static final int MOST_REMEMBERED = 5_000;

    /** Only kinds that another transaction committed: our own may yet be rolled back. */
    private final Map<LetterKind, Integer> remembered = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<LetterKind, Integer> eldest) {
            return size() > MOST_REMEMBERED;
        }
    };

    /** @return the id of each letter's kind, in the order of the letters */
    Future<List<Integer>> ids(SqlConnection connection, List<NewLetter> letters) {
        var kinds = letters.stream().map(LetterKind::of).toList();
        var ids = new HashMap<LetterKind, Integer>();
        var asked = new HashMap<LetterKind, Buffer>();
        synchronized (remembered) {
            for (var kind : kinds) {
                @Nullable Integer id = remembered.get(kind);
                if (id == null) {
                    asked.computeIfAbsent(kind, LetterKind::key);
                } else {
                    ids.put(kind, id);
                }
            }
        }
        Future<Void> complete = asked.isEmpty() ? Future.succeededFuture() : find(connection, asked, ids);
        return complete.map(done -> kinds.stream().map(ids::get).toList());
    }

    private Future<Void> find(SqlConnection connection, Map<LetterKind, Buffer> asked, Map<LetterKind, Integer> ids) {
        return known(connection, asked, ids).compose(committed -> {
            synchronized (remembered) {
                committed.forEach(kind -> remembered.put(kind, ids.get(kind)));
            }
            var unknown = asked.keySet().stream()
                    .filter(kind -> !ids.containsKey(kind))
                    .toList();
            return unknown.isEmpty()
                    ? Future.succeededFuture()
                    // Whoever wrote the rest meanwhile has committed: our insert waited for it.
                    : create(connection, asked, unknown)
                            .compose(created -> known(connection, asked, ids))
                            .mapEmpty();
        });
    }

    /** @return the kinds that were found and put into {@code ids} */
    private static Future<Collection<LetterKind>> known(
            SqlConnection connection, Map<LetterKind, Buffer> asked, Map<LetterKind, Integer> ids) {
        var kinds = new HashMap<Buffer, LetterKind>();
        asked.forEach((kind, key) -> kinds.put(key, kind));
        return connection
                .preparedQuery(KNOWN)
                .execute(Tuple.tuple().addArrayOfBuffer(kinds.keySet().toArray(Buffer[]::new)))
                .map(rows -> {
                    var found = new ArrayList<LetterKind>();
                    for (var row : rows) {
                        var kind = kinds.get(row.getBuffer("key"));
                        if (kind != null) {
                            ids.put(kind, row.getInteger("id"));
                            found.add(kind);
                        }
                    }
                    return found;
                });
    }

    private static Future<Void> create(
            SqlConnection connection, Map<LetterKind, Buffer> asked, List<LetterKind> kinds) {
        var columns = Tuple.tuple()
                .addValue(column(kinds, asked::get, Buffer[]::new))
                .addValue(column(kinds, LetterKind::topicRef, Integer[]::new))
                .addValue(column(kinds, LetterKind::originTopic, String[]::new))
                .addValue(column(kinds, LetterKind::originGroup, String[]::new))
                .addValue(column(kinds, LetterKind::convention, String[]::new))
                .addValue(column(kinds, LetterKind::exceptionClass, String[]::new))
                .addValue(column(kinds, LetterKind::causeClass, String[]::new));
        return connection.preparedQuery(CREATE).execute(columns).mapEmpty();
    }

    private static <T> T[] column(
            List<LetterKind> kinds, Function<LetterKind, @Nullable T> value, IntFunction<T[]> array) {
        return kinds.stream().map(value).toArray(array);
    }
}
