package dev.redrive.transfer;

import dev.redrive.ingest.LetterImports;
import dev.redrive.letter.Position;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** Puts letters of an export into the database: their topics, the letters, and what people had noted about them. */
final class ImportStore {

    private static final String CLUSTERS = """
            INSERT INTO cluster (kafka_id, name)
            SELECT DISTINCT ON (kafka_id) kafka_id, name FROM unnest($1::text[], $2::text[]) AS met (kafka_id, name)
            ORDER BY kafka_id ON CONFLICT (kafka_id) DO NOTHING""";

    private static final String TOPICS = """
            INSERT INTO dead_letter_topic (cluster_id, name, topic_id)
            SELECT DISTINCT ON (c.id, met.topic_id) c.id, met.name, met.topic_id
            FROM unnest($1::text[], $2::text[], $3::uuid[]) AS met (kafka_id, name, topic_id)
            JOIN cluster c USING (kafka_id)
            ORDER BY c.id, met.topic_id ON CONFLICT (cluster_id, topic_id) DO NOTHING""";

    private static final String REFS = """
            SELECT t.id, t.topic_id, c.kafka_id FROM dead_letter_topic t JOIN cluster c ON c.id = t.cluster_id
            WHERE t.topic_id = ANY ($1)""";

    /** Only rows of this very transaction: a letter that was there already keeps what it has here. */
    private static final String STATES = """
            UPDATE letter_state s SET status = met.status, returns = met.returns, assignee = met.assignee,
              tags = ARRAY (SELECT jsonb_array_elements_text(met.tags::jsonb)), notes = met.notes
            FROM unnest($1::integer[], $2::integer[], $3::bigint[], $4::integer[], $5::text[], $6::integer[], $7::text[],
              $8::text[], $9::integer[])
              AS met (topic_ref, kafka_partition, kafka_offset, leader_epoch, status, returns, assignee, tags, notes)
            JOIN dead_letter d USING (topic_ref, kafka_partition, kafka_offset, leader_epoch)
            WHERE d.xmin = pg_current_xact_id()::xid AND s.letter_id = d.id
            RETURNING d.id, d.topic_ref, d.kafka_partition, d.kafka_offset, d.leader_epoch""";

    private static final String NOTES = """
            INSERT INTO letter_note (letter_id, author, text, created_at)
            SELECT letter_id, author, text, at::timestamptz
            FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[]) AS note (letter_id, author, text, at)""";

    private final LetterImports imports = new LetterImports();

    /** @return by position's cluster and topic id, see {@link #key} */
    Future<Map<String, Integer>> topics(SqlConnection connection, List<ImportedLetter> letters) {
        var clusters = column(letters, letter -> position(letter).cluster(), String[]::new);
        var ids = column(letters, letter -> position(letter).topicId(), UUID[]::new);
        var names = column(letters, letter -> position(letter).topic(), String[]::new);
        return connection
                .preparedQuery(CLUSTERS)
                .execute(Tuple.tuple()
                        .addValue(clusters)
                        .addValue(column(letters, ImportedLetter::clusterName, String[]::new)))
                .compose(known -> connection
                        .preparedQuery(TOPICS)
                        .execute(
                                Tuple.tuple().addValue(clusters).addValue(names).addValue(ids)))
                .compose(known ->
                        connection.preparedQuery(REFS).execute(Tuple.tuple().addValue(ids)))
                .map(rows -> {
                    var refs = new HashMap<String, Integer>();
                    rows.forEach(row ->
                            refs.put(row.getString("kafka_id") + "/" + row.getUUID("topic_id"), row.getInteger("id")));
                    return refs;
                });
    }

    static String key(ImportedLetter letter) {
        return position(letter).cluster() + "/" + position(letter).topicId();
    }

    /** What tells one letter from another. */
    static String place(ImportedLetter letter) {
        var at = position(letter);
        return key(letter) + "/" + at.partition() + "/" + at.offset() + "/" + at.leaderEpoch();
    }

    static Position position(ImportedLetter letter) {
        return letter.read().arrival().position();
    }

    /** @return how many of the letters were not there before */
    Future<Integer> store(
            SqlConnection connection,
            List<ImportedLetter> letters,
            List<LetterImports.Ready> ready,
            Map<String, Integer> refs) {
        return imports.store(connection, ready)
                .compose(stored -> connection.preparedQuery(STATES).execute(states(letters, refs)))
                .compose(rows -> {
                    var ids = new HashMap<String, Long>();
                    rows.forEach(row -> ids.put(
                            row.getInteger("topic_ref") + "/" + row.getInteger("kafka_partition") + "/"
                                    + row.getLong("kafka_offset") + "/" + row.getInteger("leader_epoch"),
                            row.getLong("id")));
                    return notes(connection, letters, refs, ids).map(ids.size());
                });
    }

    private static Tuple states(List<ImportedLetter> letters, Map<String, Integer> refs) {
        return Tuple.tuple()
                .addValue(column(letters, letter -> refs.get(key(letter)), Integer[]::new))
                .addValue(column(letters, letter -> position(letter).partition(), Integer[]::new))
                .addValue(column(letters, letter -> position(letter).offset(), Long[]::new))
                .addValue(column(letters, letter -> position(letter).leaderEpoch(), Integer[]::new))
                .addValue(column(letters, letter -> letter.status().word(), String[]::new))
                .addValue(column(letters, ImportedLetter::returns, Integer[]::new))
                .addValue(column(letters, ImportedLetter::assignee, String[]::new))
                .addValue(column(letters, letter -> new JsonArray(letter.tags()).encode(), String[]::new))
                .addValue(column(letters, letter -> letter.notes().size(), Integer[]::new));
    }

    private static Future<Void> notes(
            SqlConnection connection, List<ImportedLetter> letters, Map<String, Integer> refs, Map<String, Long> ids) {
        record Note(Long letter, Fields fields) {}
        var notes = letters.stream()
                .flatMap(letter -> {
                    var at = position(letter);
                    var id = ids.get(
                            refs.get(key(letter)) + "/" + at.partition() + "/" + at.offset() + "/" + at.leaderEpoch());
                    return id == null
                            ? java.util.stream.Stream.<Note>of()
                            : letter.notes().stream().map(note -> new Note(id, note));
                })
                .toList();
        if (notes.isEmpty()) {
            return Future.succeededFuture();
        }
        return connection
                .preparedQuery(NOTES)
                .execute(Tuple.tuple()
                        .addValue(notes.stream().map(Note::letter).toArray(Long[]::new))
                        .addValue(notes.stream()
                                .map(note -> note.fields().text("author"))
                                .toArray(String[]::new))
                        .addValue(notes.stream()
                                .map(note -> note.fields().text("text"))
                                .toArray(String[]::new))
                        .addValue(notes.stream()
                                .map(note -> note.fields().text("at"))
                                .toArray(String[]::new)))
                .mapEmpty();
    }

    private static <T> T[] column(
            List<ImportedLetter> letters, Function<ImportedLetter, @Nullable T> value, IntFunction<T[]> array) {
        return letters.stream().map(value).toArray(array);
    }
}
