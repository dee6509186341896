package dev.redrive.grouping;

import dev.redrive.grouping.FailureGroup.Counts;
import dev.redrive.grouping.Fingerprint.Part;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads failure groups, with what is counted of them. */
public final class FailureGroupListStore {

    /** @param exact false where counting stopped early */
    record Count(long value, boolean exact) {}

    private static final int MOST_COUNTED = 100_000;

    private static final String SELECT = """
            SELECT g.id, encode(g.fingerprint, 'hex') AS fingerprint, g.fingerprint_version, g.title, g.message, g.culprit,
              g.origin_topic, g.topic, g.consumer_group, g.convention, g.parts, c.first_seen_at, c.last_seen_at,
              r.recent::bigint AS recent, c.letters, c.open, c.replaying, c.replayed, c.recovered, c.returned, c.discarded, c.purged,
              %s AS state, coalesce(s.version, 0) AS version, s.snoozed_until, s.snoozed_letters, s.snoozed_rate,
              s.decided_by, s.decided_at, s.regressed_at, s.assignee, coalesce(s.tags, '{}') AS tags, %s AS label,
              s.ticket_url, s.runbook_url, coalesce(s.notes, 0) AS notes, s.merged_into,
              (SELECT count(*) FROM failure_group_state m WHERE m.merged_into = g.id) AS merged
            %s""".formatted(GroupSql.STATE, GroupSql.LABEL, GroupSql.FROM);

    /** The groups of a page first, and what is dear to know of a group for those alone. */
    private static final String PAGE = """
            WHERE g.id = ANY (ARRAY (
              SELECT c.failure_group_id %1$s WHERE s.merged_into IS NULL AND %2$s AND %3$s AND %4$s ORDER BY %5$s LIMIT %6$d))
            ORDER BY %5$s""";

    /**
     * Every transaction of this database below it had ended; a row that one from there on wrote may have been seen
     * otherwise. A snapshot would speak of all databases of the server, and one long transaction in another would make
     * all that was written here since it began look new. A transaction that has written holds the lock of its own number,
     * and one of a table, until everybody sees what it wrote.
     */
    private static final String SINCE = """
            SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint - coalesce(max(age(own.transactionid)), 0) AS since
            FROM pg_locks own
            WHERE own.locktype = 'transactionid' AND own.mode = 'ExclusiveLock' AND age(own.transactionid) > 0
              AND own.virtualtransaction IN (
                SELECT l.virtualtransaction FROM pg_locks l
                JOIN pg_database d ON d.oid = l.database WHERE d.datname = current_database())""";

    /** The age spares most rows the dearer question, as it does where a selection is counted. */
    private static final String WRITTEN_SINCE = """
            (age(%1$s.xmin) <= (SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint - %2$s::bigint + 100000)
              AND NOT was_visible(%1$s.xmin, (%2$s::bigint || ':' || %2$s::bigint || ':')::pg_snapshot))""";

    private static final String BUCKETS = """
            SELECT failure_group_id, hour, letters FROM failure_group_bucket
            WHERE failure_group_id = ANY ($1) AND hour >= $2 AND hour < $3""";

    static final List<String> STATUSES =
            List.of("open", "replaying", "replayed", "recovered", "returned", "discarded", "purged");

    /** Read from the end of the index of one group, whatever else happened in these hours. */
    private static final String TIMELINE = """
            SELECT hours.start, %s
            FROM generate_series(date_trunc('hour', now()) - make_interval(hours => $2 - 1), date_trunc('hour', now()),
              interval '1 hour') AS hours (start)
            JOIN failure_group g ON g.id = $1
            LEFT JOIN letter_tally t ON t.failure_group_id = $1 AND t.hour = (extract(epoch FROM hours.start) / 3600)::integer
            GROUP BY hours.start ORDER BY hours.start""".formatted(STATUSES.stream()
            .map(status ->
                    "coalesce(sum(t.letters) FILTER (WHERE t.status = '" + status + "'), 0)::bigint AS " + status)
            .collect(Collectors.joining(", ")));

    private static final String COUNT = """
            SELECT count(*) AS groups FROM (
              SELECT %s WHERE s.merged_into IS NULL AND %s AND %s LIMIT %d) AS counted""";

    private final Pool pool;

    /** @param pool with a short statement timeout, so that one search starves nobody */
    public FailureGroupListStore(Pool pool) {
        this.pool = pool;
    }

    /** @return at most {@code fetch} groups after the place, or from the beginning where it is null */
    Future<List<FailureGroup>> page(GroupFilter filter, GroupSort sort, @Nullable GroupCursor after, int fetch) {
        var values = Tuple.from(filter.parameters());
        String from = "true";
        if (after != null) {
            values.addValue(sort.bound(after.place())).addLong(after.id());
            from = sort.afterSql("$" + (values.size() - 1), "$" + values.size());
        }
        return page(filter, from, sort.orderSql(), fetch, values);
    }

    private Future<List<FailureGroup>> page(GroupFilter filter, String from, String order, int fetch, Tuple values) {
        return groups(PAGE.formatted(GroupSql.FROM, inhabited(filter), filter.sql(), from, order, fetch), values);
    }

    /** A moment by the clock of transactions, for {@link #changed}. */
    Future<Long> since() {
        return pool.preparedQuery(SINCE)
                .execute()
                .map(rows -> rows.iterator().next().getLong(0));
    }

    /**
     * Groups of which letters came or changed, or somebody decided, since a moment; perhaps some that did so just before
     * it, while a transaction of this database was under way. Walks failure_group_counter by its key.
     *
     * @param since 1 or more; @param afterId exclusive
     * @return at most {@code fetch}, lowest id first
     */
    Future<List<FailureGroup>> changed(GroupFilter filter, long since, long afterId, int fetch) {
        var values = Tuple.from(filter.parameters()).addLong(since).addLong(afterId);
        String moment = "$" + (values.size() - 1);
        String from = "c.failure_group_id > $" + values.size() + " AND (" + WRITTEN_SINCE.formatted("c", moment)
                + " OR " + WRITTEN_SINCE.formatted("s", moment) + ")";
        return page(filter, from, "c.failure_group_id", fetch, values);
    }

    /** A group that a regroup emptied is nobody's work; who knows its id finds it all the same. */
    static String inhabited(GroupFilter filter) {
        return filter.namesGroups() ? "true" : "c.letters > 0";
    }

    public Future<Optional<FailureGroup>> find(long id) {
        return groups("WHERE g.id = $1", Tuple.of(id))
                .map(groups -> groups.stream().findFirst());
    }

    private Future<List<FailureGroup>> groups(String where, Tuple values) {
        return pool.preparedQuery(SELECT + where)
                .mapping(FailureGroupListStore::group)
                .execute(values)
                .map(rows -> rows.stream().toList());
    }

    /** Counts to 100,000 at most. */
    Future<Count> count(GroupFilter filter) {
        return pool.preparedQuery(COUNT.formatted(GroupSql.FROM, inhabited(filter), filter.sql(), MOST_COUNTED + 1))
                .execute(Tuple.from(filter.parameters()))
                .map(rows -> rows.iterator().next().getLong("groups"))
                .map(groups -> new Count(Math.min(groups, MOST_COUNTED), groups <= MOST_COUNTED));
    }

    /**
     * Letters by the hour in which they failed.
     *
     * @param from start of an hour, inclusive; {@code to} exclusive
     * @return by group and start of the hour; hours without letters are left out
     */
    public Future<Map<Long, Map<Instant, Long>>> buckets(Collection<Long> ids, Instant from, Instant to) {
        if (ids.isEmpty()) {
            return Future.succeededFuture(Map.of());
        }
        var values = Tuple.of(
                ids.toArray(Long[]::new),
                OffsetDateTime.ofInstant(from, ZoneOffset.UTC),
                OffsetDateTime.ofInstant(to, ZoneOffset.UTC));
        return pool.preparedQuery(BUCKETS).execute(values).map(rows -> {
            var buckets = new HashMap<Long, Map<Instant, Long>>();
            for (Row row : rows) {
                buckets.computeIfAbsent(row.getLong("failure_group_id"), id -> new HashMap<>())
                        .put(row.getOffsetDateTime("hour").toInstant(), row.getLong("letters"));
            }
            return buckets;
        });
    }

    /**
     * @param hours 1 or more
     * @return one row for each of the last hours, oldest first, the present one included; none where there is no such group
     */
    Future<List<Row>> timeline(long id, int hours) {
        return pool.preparedQuery(TIMELINE)
                .execute(Tuple.of(id, hours))
                .map(rows -> rows.stream().toList());
    }

    private static FailureGroup group(Row row) {
        return new FailureGroup(
                row.getLong("id"),
                row.getString("fingerprint"),
                row.getShort("fingerprint_version"),
                row.getString("title"),
                row.getString("message"),
                row.getString("culprit"),
                row.getString("origin_topic"),
                row.getString("topic"),
                row.getString("consumer_group"),
                row.getString("convention"),
                parts(row.getJsonArray("parts")),
                row.getOffsetDateTime("first_seen_at").toInstant(),
                row.getOffsetDateTime("last_seen_at").toInstant(),
                counts(row),
                row.getLong("recent"),
                Triage.from(row));
    }

    private static Counts counts(Row row) {
        return new Counts(
                row.getLong("letters"),
                row.getLong("open"),
                row.getLong("replaying"),
                row.getLong("replayed"),
                row.getLong("recovered"),
                row.getLong("returned"),
                row.getLong("discarded"),
                row.getLong("purged"));
    }

    private static List<Part> parts(JsonArray parts) {
        return parts.stream()
                .map(JsonObject.class::cast)
                .map(part -> new Part(part.getString("name"), part.getString("value")))
                .toList();
    }
}
