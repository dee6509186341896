package dev.redrive.retention;

import dev.redrive.audit.AuditEvent;
import dev.redrive.audit.AuditStore;
import dev.redrive.http.Times;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The SQL of {@code retention_run}, and the transaction in which a run purges a batch. */
final class RunStore {

    /** @param purged letters by rule. @param complete false where it goes on, or somebody else had to end it */
    record Run(
            long id,
            List<RetentionRule> rules,
            List<Long> purged,
            long traces,
            boolean complete,
            OffsetDateTime startedAt,
            @Nullable OffsetDateTime finishedAt) {

        static Run from(Row row) {
            return new Run(
                    row.getLong("id"),
                    RetentionRule.stored(row.getJsonArray("rules")),
                    Arrays.asList(row.getArrayOfLongs("purged")),
                    row.getLong("traces"),
                    row.getBoolean("complete"),
                    row.getOffsetDateTime("started_at"),
                    row.getOffsetDateTime("finished_at"));
        }

        long letters() {
            return purged.stream().mapToLong(Long::longValue).sum();
        }
    }

    private static final String COLUMNS = "id, rules, purged, traces, complete, started_at, finished_at";

    private static final String LATEST = "SELECT " + COLUMNS + " FROM retention_run ORDER BY started_at DESC LIMIT 1";

    private static final String UNFINISHED =
            "SELECT id FROM retention_run WHERE finished_at IS NULL ORDER BY id FOR UPDATE";

    private static final String IS_DUE = """
            SELECT NOT EXISTS (
              SELECT FROM retention_run WHERE complete AND started_at > now() - make_interval(secs => $1)) AS due""";

    private static final String BEGIN =
            "INSERT INTO retention_run (rules, purged) VALUES ($1, $2) RETURNING " + COLUMNS;

    /** Changes no row where somebody else ended the run, because its owner was silent for too long. */
    private static final String COUNT = """
            UPDATE retention_run SET traces = traces + $3, purged = (
              SELECT coalesce(array_agg(sum.before + sum.more ORDER BY sum.rule), '{}')
              FROM unnest(purged, $2::bigint[]) WITH ORDINALITY AS sum (before, more, rule))
            WHERE id = $1 AND finished_at IS NULL""";

    private static final String FINISH = """
            UPDATE retention_run SET finished_at = now(), complete = $2
            WHERE id = $1 AND finished_at IS NULL RETURNING\s""" + COLUMNS;

    /** Those that purged something stay: letters refer to them. */
    private static final String FORGET = """
            DELETE FROM retention_run WHERE id = ANY (ARRAY (
              SELECT id FROM retention_run WHERE started_at < now() - interval '90 days' AND 0 = ALL (purged)
              ORDER BY started_at LIMIT 100))""";

    /** Who waits is in nobody's way for long, and a batch ends by itself whatever becomes of its owner. */
    private static final String LIMITS = """
            SELECT set_config('lock_timeout', '500ms', true), set_config('statement_timeout', '5s', true),
              set_config('idle_in_transaction_session_timeout', '10s', true)""";

    private static final String TELL = "SELECT pg_notify('redrive_changed', '{\"what\":\"letters\"}')";

    private final Pool pool;
    private final AuditStore audit;

    RunStore(Pool pool, AuditStore audit) {
        this.pool = pool;
        this.audit = audit;
    }

    Pool pool() {
        return pool;
    }

    Future<Optional<Run>> latest() {
        return pool.preparedQuery(LATEST)
                .mapping(Run::from)
                .execute()
                .map(rows -> rows.stream().findFirst());
    }

    /** Ends what another process left behind, then begins. @return empty where no run is due */
    Future<Optional<Run>> begin(List<RetentionRule> rules, Duration every) {
        return pool.withTransaction(connection -> connection
                .preparedQuery(UNFINISHED)
                .execute()
                .compose(rows -> {
                    Future<Void> ended = Future.succeededFuture();
                    for (var row : rows) {
                        ended = ended.compose(before -> finish(connection, row.getLong("id"), false));
                    }
                    return ended;
                })
                .compose(ended -> connection.preparedQuery(FORGET).execute())
                .compose(forgotten -> connection.preparedQuery(IS_DUE).execute(Tuple.of(every.toMillis() / 1000.0)))
                .compose(rows -> rows.iterator().next().getBoolean("due")
                        ? begin(connection, rules)
                        : Future.succeededFuture(Optional.empty())));
    }

    private static Future<Optional<Run>> begin(SqlConnection connection, List<RetentionRule> rules) {
        var none = Collections.nCopies(rules.size(), 0L).toArray(Long[]::new);
        return connection
                .preparedQuery(BEGIN)
                .mapping(Run::from)
                .execute(Tuple.tuple().addJsonArray(RetentionRule.toJson(rules)).addArrayOfLong(none))
                .map(rows -> rows.stream().findFirst());
    }

    /** One audit row for each rule that purged something, in the transaction that ends the run. */
    Future<Void> finish(long id, boolean complete) {
        return pool.withTransaction(connection -> finish(connection, id, complete));
    }

    private Future<Void> finish(SqlConnection connection, long id, boolean complete) {
        return connection
                .preparedQuery(FINISH)
                .mapping(Run::from)
                .execute(Tuple.of(id, complete))
                .compose(rows -> {
                    var events = new ArrayList<AuditEvent>();
                    rows.forEach(run -> events.addAll(events(run)));
                    return audit.recordAll(connection, events);
                });
    }

    private static List<AuditEvent> events(Run run) {
        var events = new ArrayList<AuditEvent>();
        for (int i = 0; i < run.rules().size(); i++) {
            if (run.purged().get(i) > 0) {
                var details = new JsonObject()
                        .put("run", Long.toString(run.id()))
                        .put("rule", run.rules().get(i).toJson())
                        .put("letters", run.purged().get(i));
                events.add(new AuditEvent(
                        AuditEvent.SYSTEM, "retention-purged", null, RetentionRoutes.PATH, null, details, null));
            }
        }
        return events;
    }

    /** Counts first: that holds the run, so that an owner who lost it purges nothing. @return how many letters */
    Future<Integer> purge(Run run, List<DueStore.Due> batch) {
        return limited(connection -> DueStore.lock(connection, batch).compose(held -> {
            var more = new Long[run.rules().size()];
            Arrays.fill(more, 0L);
            batch.stream().filter(due -> held.contains(due.letterId())).forEach(due -> more[due.rule() - 1]++);
            return count(connection, run.id(), more, 0)
                    .compose(counted -> PurgeStore.purge(connection, held, run.id()))
                    .compose(purged -> connection.preparedQuery(TELL).execute().map(held.size()));
        }));
    }

    static Future<Void> count(SqlConnection connection, long run, Long[] purged, long traces) {
        return connection
                .preparedQuery(COUNT)
                .execute(Tuple.of(run).addArrayOfLong(purged).addLong(traces))
                .map(rows -> {
                    if (rows.rowCount() == 0) {
                        throw new IllegalStateException("Retention run " + run + " was ended by another process");
                    }
                    return null;
                });
    }

    /** A transaction that keeps nobody waiting for long. */
    <T> Future<T> limited(Function<SqlConnection, Future<T>> work) {
        return pool.withTransaction(
                connection -> connection.preparedQuery(LIMITS).execute().compose(set -> work.apply(connection)));
    }

    static JsonObject toJson(Run run) {
        var rules = new JsonArray();
        for (int i = 0; i < run.rules().size(); i++) {
            rules.add(new JsonObject()
                    .put("rule", run.rules().get(i).toJson())
                    .put("letters", run.purged().get(i)));
        }
        return new JsonObject()
                .put("id", Long.toString(run.id()))
                .put("startedAt", Times.rfc3339(run.startedAt()))
                .put("finishedAt", Times.rfc3339(run.finishedAt()))
                .put("complete", run.complete())
                .put("letters", run.letters())
                .put("traces", run.traces())
                .put("rules", rules);
    }
}
