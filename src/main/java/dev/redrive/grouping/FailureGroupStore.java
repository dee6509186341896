package dev.redrive.grouping;

import static java.util.Objects.requireNonNull;

import dev.redrive.grouping.FailureGroup.Counts;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** The SQL of {@code failure_group}, {@code failure_group_counter} and {@code failure_group_bucket}. */
public final class FailureGroupStore {

    /**
     * Held before the letters are placed, as foreign keys hold them afterwards anyway: whoever merges or splits one of the
     * groups waits for our letters, or we for the merge. With those in which the letters may come to lie, all in one
     * order, against deadlocks.
     */
    private static final String KNOWN = """
            WITH met AS (
              SELECT id FROM failure_group WHERE fingerprint = ANY ($1)),
            home AS (
              SELECT id FROM met UNION SELECT r.target_id FROM met JOIN split_rule r ON r.group_id = met.id)
            SELECT g.fingerprint, g.id FROM failure_group g
            WHERE g.id IN (
              SELECT id FROM home
              UNION SELECT s.merged_into FROM home JOIN failure_group_state s ON s.failure_group_id = home.id)
            ORDER BY g.id FOR KEY SHARE OF g""";

    private static final String LETTERS = """
            SELECT failure_group_id, letters FROM failure_group_counter WHERE failure_group_id = ANY ($1)""";

    /** A new group gets its counter row with it, so that whoever counts letters finds one. */
    private static final String CREATE = """
            WITH created AS (
              INSERT INTO failure_group (fingerprint, fingerprint_version, title, message, culprit,
                origin_topic, topic, consumer_group, convention, parts)
              SELECT fingerprint, version, title, message, culprit,
                origin_topic, topic, consumer_group, convention, parts::jsonb
              FROM unnest($1::bytea[], $2::smallint[], $3::text[], $4::text[], $5::text[],
                $6::text[], $7::text[], $8::text[], $9::text[], $10::text[])
                AS met (fingerprint, version, title, message, culprit,
                  origin_topic, topic, consumer_group, convention, parts)
              ORDER BY fingerprint
              ON CONFLICT (fingerprint) DO NOTHING
              RETURNING id, fingerprint),
            counted AS (
              INSERT INTO failure_group_counter (failure_group_id, first_seen_at, last_seen_at)
              SELECT id, seen_at, seen_at
              FROM created JOIN unnest($1::bytea[], $11::timestamptz[]) AS seen (fingerprint, seen_at)
                USING (fingerprint))
            SELECT fingerprint, id FROM created""";

    /**
     * @param ids of every group asked for, by the 16 bytes of its fingerprint
     * @param created those that did not exist before, with no letters counted yet
     */
    public record Upserted(Map<Buffer, Long> ids, List<FailureGroup> created) {}

    /**
     * Finds the groups and creates those that are missing; each created group also gets its counter row, with no
     * letters. Unknown fingerprints are inserted in key order, so that two transactions which call this once each,
     * before they touch counters, never wait for each other in a circle.
     *
     * @param groups may repeat a fingerprint; then the earliest {@code seenAt} is taken
     */
    public Future<Upserted> upsert(SqlConnection connection, Collection<NewGroup> groups) {
        var asked = new HashMap<Buffer, NewGroup>();
        for (var group : groups) {
            asked.merge(group.fingerprint().hash(), group, (a, b) -> a.seenAt().isAfter(b.seenAt()) ? b : a);
        }
        if (asked.isEmpty()) {
            return Future.succeededFuture(new Upserted(Map.of(), List.of()));
        }
        return known(connection, asked.keySet()).compose(known -> {
            var unknown = new ArrayList<>(asked.values());
            unknown.removeIf(group -> known.containsKey(group.fingerprint().hash()));
            return unknown.isEmpty()
                    ? Future.succeededFuture(new Upserted(known, List.of()))
                    : create(connection, unknown)
                            .compose(created -> complete(connection, asked, known, created))
                            .compose(all -> named(connection, all));
        });
    }

    private static Future<Upserted> named(SqlConnection connection, Upserted upserted) {
        var created = upserted.created().stream().map(FailureGroup::id).toList();
        return LabelRuleStore.name(connection, created).map(upserted);
    }

    /** @return how many letters each of the groups has by now, as the connection sees it */
    public Future<Map<Long, Long>> letters(SqlConnection connection, Collection<Long> ids) {
        return connection
                .preparedQuery(LETTERS)
                .execute(Tuple.of(ids.toArray(Long[]::new)))
                .map(rows -> {
                    var letters = new HashMap<Long, Long>();
                    rows.forEach(row -> letters.put(row.getLong("failure_group_id"), row.getLong("letters")));
                    return Map.copyOf(letters);
                });
    }

    private static Future<Map<Buffer, Long>> known(SqlConnection connection, Collection<Buffer> hashes) {
        return idsOf(connection, KNOWN, Tuple.of(hashes.toArray(Buffer[]::new))).map(held -> {
            var known = new HashMap<>(held);
            known.keySet().retainAll(hashes);
            return Map.copyOf(known);
        });
    }

    /** Ids of the groups that this transaction created; those that another one created meanwhile are missing. */
    private static Future<Map<Buffer, Long>> create(SqlConnection connection, List<NewGroup> groups) {
        var columns = Tuple.tuple()
                .addValue(column(groups, group -> group.fingerprint().hash(), Buffer[]::new))
                .addValue(column(groups, group -> (short) group.fingerprint().version(), Short[]::new))
                .addValue(column(groups, group -> group.fingerprint().title(), String[]::new))
                .addValue(column(groups, group -> group.fingerprint().message(), String[]::new))
                .addValue(column(groups, group -> group.fingerprint().culprit(), String[]::new))
                .addValue(column(groups, NewGroup::originTopic, String[]::new))
                .addValue(column(groups, NewGroup::topic, String[]::new))
                .addValue(column(groups, NewGroup::consumerGroup, String[]::new))
                .addValue(column(groups, NewGroup::convention, String[]::new))
                .addValue(column(groups, FailureGroupStore::partsOf, String[]::new))
                .addValue(column(
                        groups,
                        group -> OffsetDateTime.ofInstant(group.seenAt(), ZoneOffset.UTC),
                        OffsetDateTime[]::new));
        return idsOf(connection, CREATE, columns);
    }

    /** By now whoever created the rest has committed: our insert waited for it. */
    private static Future<Upserted> complete(
            SqlConnection connection, Map<Buffer, NewGroup> asked, Map<Buffer, Long> known, Map<Buffer, Long> created) {
        var groups = created.entrySet().stream()
                .map(entry -> fresh(entry.getValue(), requireNonNull(asked.get(entry.getKey()))))
                .toList();
        var ids = new HashMap<>(known);
        ids.putAll(created);
        return ids.size() == asked.size()
                ? Future.succeededFuture(new Upserted(Map.copyOf(ids), groups))
                : known(connection, asked.keySet()).map(all -> new Upserted(all, groups));
    }

    private static Future<Map<Buffer, Long>> idsOf(SqlConnection connection, String sql, Tuple values) {
        return connection.preparedQuery(sql).execute(values).map(rows -> {
            var ids = new HashMap<Buffer, Long>();
            rows.forEach(row -> ids.put(row.getBuffer("fingerprint"), row.getLong("id")));
            return Map.copyOf(ids);
        });
    }

    private static FailureGroup fresh(long id, NewGroup group) {
        var fingerprint = group.fingerprint();
        return new FailureGroup(
                id,
                HexFormat.of().formatHex(fingerprint.hash().getBytes()),
                fingerprint.version(),
                fingerprint.title(),
                fingerprint.message(),
                fingerprint.culprit(),
                group.originTopic(),
                group.topic(),
                group.consumerGroup(),
                group.convention(),
                fingerprint.parts(),
                group.seenAt(),
                group.seenAt(),
                Counts.NONE,
                0,
                Triage.UNTOUCHED);
    }

    private static <T> T[] column(
            List<NewGroup> groups, Function<NewGroup, @Nullable T> value, IntFunction<T[]> array) {
        return groups.stream().map(value).toArray(array);
    }

    private static String partsOf(NewGroup group) {
        var parts = new JsonArray();
        for (var part : group.fingerprint().parts()) {
            parts.add(new JsonObject().put("name", part.name()).put("value", part.value()));
        }
        return parts.encode();
    }
}
