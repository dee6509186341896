package dev.redrive.audit;

import dev.redrive.letter.ChangeLog;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The SQL of {@code audit_event}. Rows are only ever added; the database refuses everything else. */
public final class AuditStore implements ChangeLog {

    /** @param id grows with time within one actor; not without holes */
    record Entry(long id, OffsetDateTime at, AuditEvent event) {

        static Entry from(Row row) {
            return new Entry(
                    row.getLong("id"),
                    row.getOffsetDateTime("at"),
                    new AuditEvent(
                            row.getString("actor"),
                            row.getString("action"),
                            row.getLong("letter_id"),
                            row.getString("object"),
                            row.getString("reason"),
                            row.getJsonObject("details"),
                            row.getString("request_id")));
        }
    }

    private static final String RECORD = """
            INSERT INTO audit_event (actor, action, letter_id, object, reason, details, request_id)
            VALUES ($1, $2, $3, $4, $5, $6, $7)""";

    /** One statement for all: who records holds the locks of what it changed. */
    private static final String RECORD_ALL = """
            INSERT INTO audit_event (actor, action, letter_id, object, reason, details, request_id)
            SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[], $4::text[], $5::text[], $6::jsonb[], $7::text[])""";

    /**
     * That the letter came in is told by the letter itself, what a job did by its item, and what the retention did by its
     * run, since no row is written for each of millions.
     */
    private static final String HISTORY = """
            SELECT 0::bigint AS id, ingested_at AS at, 'system' AS actor, 'stored' AS action, id AS letter_id,
              NULL AS object, NULL AS reason, '{}'::jsonb AS details, NULL AS request_id
            FROM dead_letter WHERE id = $1
            UNION ALL
            (SELECT id, at, actor, action, letter_id, object, reason, details, request_id
             FROM audit_event WHERE letter_id = $1 ORDER BY id DESC LIMIT 500)
            UNION ALL
            (SELECT j.seq, i.at, j.requested_by,
               CASE WHEN j.undoes IS NOT NULL THEN 'undone' ELSE CASE j.type
                 WHEN 'discard' THEN 'discarded' WHEN 'restore' THEN 'restored' WHEN 'assign' THEN 'assigned'
                 WHEN 'tag' THEN 'tagged' WHEN 'note' THEN 'noted' WHEN 'purge' THEN 'purged' ELSE j.type END END,
               i.letter_id, '/api/v1/jobs/' || j.id, j.reason,
               j.options || jsonb_build_object('job', j.id, 'type', j.type), j.request_id
             FROM job_item i JOIN job j ON j.id = i.job_id
             WHERE i.letter_id = $1 AND i.result = 'done' ORDER BY i.at DESC LIMIT 500)
            UNION ALL
            SELECT r.id, r.started_at, 'system', 'purged', s.letter_id, '/api/v1/settings/retention', NULL,
              jsonb_build_object('run', r.id::text), NULL
            FROM letter_state s JOIN retention_run r ON r.id = s.retention_run_id WHERE s.letter_id = $1
            ORDER BY at, id""";

    /**
     * The same as a part of the statement that makes the change, where even one more round trip would hold its locks for
     * too long: what the product did by itself.
     *
     * @param rows of the statement, a query with the columns action, letter_id, object and details
     */
    public static String recording(String rows) {
        return "INSERT INTO audit_event (actor, action, letter_id, object, details) SELECT '" + AuditEvent.SYSTEM
                + "', action, letter_id, object, details FROM (" + rows + ") AS events";
    }

    private final Pool pool;

    /** @param pool for the reading methods; what is recorded goes through the caller's connection */
    public AuditStore(Pool pool) {
        this.pool = pool;
    }

    /** Adds the event in the caller's transaction, so that a change and its audit are one. */
    public Future<Void> record(SqlConnection connection, AuditEvent event) {
        return connection.preparedQuery(RECORD).execute(row(event)).mapEmpty();
    }

    /** As {@link #record}, for many at once. */
    public Future<Void> recordAll(SqlConnection connection, List<AuditEvent> events) {
        if (events.isEmpty()) {
            return Future.succeededFuture();
        }
        var columns = Tuple.tuple()
                .addArrayOfString(texts(events, AuditEvent::actor))
                .addArrayOfString(texts(events, AuditEvent::action))
                .addArrayOfLong(events.stream().map(AuditEvent::letterId).toArray(Long[]::new))
                .addArrayOfString(texts(events, AuditEvent::object))
                .addArrayOfString(texts(events, AuditEvent::reason))
                .addArrayOfJsonObject(events.stream().map(AuditEvent::details).toArray(JsonObject[]::new))
                .addArrayOfString(texts(events, AuditEvent::requestId));
        return connection.preparedQuery(RECORD_ALL).execute(columns).mapEmpty();
    }

    private static String[] texts(List<AuditEvent> events, Function<AuditEvent, @Nullable String> field) {
        return events.stream().map(field).toArray(String[]::new);
    }

    private static Tuple row(AuditEvent event) {
        return Tuple.of(
                event.actor(),
                event.action(),
                event.letterId(),
                event.object(),
                event.reason(),
                event.details(),
                event.requestId());
    }

    @Override
    public Future<Void> changed(SqlConnection connection, ChangeLog.Change change) {
        return record(
                connection,
                new AuditEvent(
                        change.actor(),
                        change.action(),
                        change.letterId(),
                        null,
                        change.reason(),
                        new JsonObject(),
                        change.requestId()));
    }

    /** @return what happened to the letter, oldest first, beginning with its storing; empty if there is no such letter */
    Future<Optional<List<Entry>>> history(long letterId) {
        return pool.preparedQuery(HISTORY)
                .mapping(Entry::from)
                .execute(Tuple.of(letterId))
                .map(rows -> {
                    var entries = new ArrayList<Entry>();
                    rows.forEach(entries::add);
                    boolean stored = entries.stream().anyMatch(entry -> entry.id() == 0);
                    return stored ? Optional.of(List.copyOf(entries)) : Optional.empty();
                });
    }
}
