package dev.redrive.job;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** The SQL of {@code selection}: freezes, counts, finds and forgets. */
final class SelectionStore {

    /** @param exact false where there are at least so many letters */
    record Selection(UUID id, Scope scope, long letters, boolean exact, OffsetDateTime expiresAt, boolean expired) {

        static Selection from(Row row) {
            return new Selection(
                    row.getUUID("id"),
                    Scope.from(row),
                    row.getLong("letters"),
                    row.getBoolean("exact"),
                    row.getOffsetDateTime("expires_at"),
                    row.getBoolean("expired"));
        }
    }

    /** @param snapshot what was to be seen, and nothing else */
    record Mark(long watermark, OffsetDateTime frozenAt, String snapshot) {}

    private static final int PAGE = 50_000;
    private static final long MOST_COUNTED = 1_000_000;
    private static final long COUNTING_NANOS = 2_000_000_000L;

    /** One statement, so that all three are of one moment. */
    private static final String MARK = """
            SELECT coalesce((SELECT max(letter_id) FROM letter_state), 0) AS watermark, now() AS frozen_at,
              pg_current_snapshot()::text AS snapshot""";

    /** What is older than this many transactions was there; it spares most rows the dearer question. */
    private static final String SURELY_OLD = """
            SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint
              - pg_snapshot_xmin($2::text::pg_snapshot)::text::bigint + 100000""";

    private static final String TALLY = """
            SELECT t.name AS topic, s.status, count(*) AS letters
            FROM letter_state s JOIN dead_letter_topic t ON t.id = s.topic_ref
            WHERE s.letter_id = ANY ($1) AND (age(s.xmin) > (%s) OR was_visible(s.xmin, $2::text::pg_snapshot))
            GROUP BY 1, 2""".formatted(SURELY_OLD);

    private static final String CHANGED = """
            SELECT letter_id FROM letter_state
            WHERE letter_id = ANY ($1) AND NOT was_visible(xmin, $2::text::pg_snapshot)""";

    private static final String SIGHT = """
            SELECT c.name AS cluster, d.origin_topic AS topic, count(*) AS letters,
              (array_agg(d.id ORDER BY d.id DESC))[1:%d] AS newest
            FROM letter_state s JOIN dead_letter d ON d.id = s.letter_id
              JOIN dead_letter_topic t ON t.id = s.topic_ref JOIN cluster c ON c.id = t.cluster_id
            WHERE s.letter_id = ANY ($1) AND was_visible(s.xmin, $2::text::pg_snapshot)
            GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2""".formatted(Sight.SAMPLE);

    private static final String KEEP = """
            INSERT INTO selection (id, q, frozen_q, ids, caller, watermark, frozen_at, letters, exact, frozen_snapshot,
              expires_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10::text::pg_snapshot, now() + interval '15 minutes')
            RETURNING *, frozen_snapshot::text AS snapshot, false AS expired""";

    private static final String FIND =
            "SELECT *, frozen_snapshot::text AS snapshot, expires_at <= now() AS expired FROM selection WHERE id = $1";

    private static final String EXTEND = """
            UPDATE selection SET expires_at = now() + interval '15 minutes' WHERE id = $1 AND expires_at > now()
            RETURNING *, frozen_snapshot::text AS snapshot, false AS expired""";

    private static final String DROP = "DELETE FROM selection WHERE id = $1";

    /** An hour later, so that for a while one who comes late hears "expired" and not "not found". */
    private static final String FORGET = "DELETE FROM selection WHERE expires_at < now() - interval '1 hour'";

    private final Pool pool;

    SelectionStore(Pool pool) {
        this.pool = pool;
    }

    /**
     * What can be seen now. Letters whose storing is not committed yet are not in it, also where their ids are below the
     * watermark: their rows are not visible in its snapshot, and never will be.
     */
    static Future<Mark> mark(SqlClient client) {
        return client.preparedQuery(MARK)
                .execute()
                .map(rows -> rows.iterator().next())
                .map(row -> new Mark(
                        row.getLong("watermark"), row.getOffsetDateTime("frozen_at"), row.getString("snapshot")));
    }

    /**
     * Counts for two seconds and to a million at most.
     *
     * @param client the connection of a transaction where one is held: who waits for a second one starves the pool
     */
    static Future<Tally> count(SqlClient client, Scope scope) {
        var promise = Promise.<Tally>promise();
        count(client, scope, Long.MAX_VALUE, new Tally(), System.nanoTime() + COUNTING_NANOS, promise);
        return promise.future();
    }

    private static void count(
            SqlClient client, Scope scope, long below, Tally tally, long deadline, Promise<Tally> counted) {
        Slices.next(client, scope, below, PAGE)
                .compose(slice -> tally(client, slice.ids(), scope, tally).map(added -> slice))
                .onFailure(counted::fail)
                .onSuccess(slice -> {
                    if (slice.end()) {
                        counted.complete(tally);
                    } else if (tally.letters() >= MOST_COUNTED || System.nanoTime() > deadline) {
                        tally.stoppedEarly();
                        counted.complete(tally);
                    } else {
                        count(client, scope, slice.nextBelow(), tally, deadline, counted);
                    }
                });
    }

    private static Future<Void> tally(SqlClient client, List<Long> ids, Scope scope, Tally tally) {
        if (ids.isEmpty()) {
            return Future.succeededFuture();
        }
        return client.preparedQuery(TALLY)
                .execute(Tuple.tuple().addArrayOfLong(ids.toArray(Long[]::new)).addString(scope.snapshot()))
                .onSuccess(rows -> rows.forEach(
                        row -> tally.add(row.getString("topic"), row.getString("status"), row.getLong("letters"))))
                .mapEmpty();
    }

    static Future<Sight> sight(SqlClient client, Scope scope) {
        return Slices.next(client, scope, Long.MAX_VALUE, Sight.MOST_LETTERS)
                .compose(slice -> client.preparedQuery(SIGHT)
                        .mapping(Sight.Target::from)
                        .execute(Tuple.tuple()
                                .addArrayOfLong(slice.ids().toArray(Long[]::new))
                                .addString(scope.snapshot())))
                .map(rows -> new Sight(rows.stream().toList()));
    }

    /** @return those whose rows are not the ones that the scope saw */
    static Future<Set<Long>> changed(SqlClient client, Scope scope, List<Long> ids) {
        return client.preparedQuery(CHANGED)
                .execute(Tuple.tuple().addArrayOfLong(ids.toArray(Long[]::new)).addString(scope.snapshot()))
                .map(rows -> {
                    var found = new HashSet<Long>();
                    rows.forEach(row -> found.add(row.getLong("letter_id")));
                    return Set.copyOf(found);
                });
    }

    Future<Selection> keep(Scope scope, Tally tally) {
        var ids = scope.ids();
        return pool.preparedQuery(KEEP)
                .mapping(Selection::from)
                .execute(Tuple.of(UUID.randomUUID(), scope.q(), scope.frozenQ())
                        .addArrayOfLong(ids == null ? null : ids.toArray(Long[]::new))
                        .addString(scope.caller())
                        .addLong(scope.watermark())
                        .addOffsetDateTime(scope.frozenAt())
                        .addLong(tally.letters())
                        .addBoolean(tally.isExact())
                        .addString(scope.snapshot()))
                .map(rows -> rows.iterator().next());
    }

    Future<Optional<Selection>> find(SqlClient client, UUID id) {
        return client.preparedQuery(FIND)
                .mapping(Selection::from)
                .execute(Tuple.of(id))
                .map(rows -> rows.stream().findFirst());
    }

    /** @return empty where it is not there, or no longer */
    Future<Optional<Selection>> extend(UUID id) {
        return pool.preparedQuery(EXTEND)
                .mapping(Selection::from)
                .execute(Tuple.of(id))
                .map(rows -> rows.stream().findFirst());
    }

    Future<Boolean> drop(UUID id) {
        return pool.preparedQuery(DROP).execute(Tuple.of(id)).map(rows -> rows.rowCount() == 1);
    }

    static Future<Void> forget(SqlConnection connection) {
        return connection.query(FORGET).execute().mapEmpty();
    }

    Pool pool() {
        return pool;
    }
}
