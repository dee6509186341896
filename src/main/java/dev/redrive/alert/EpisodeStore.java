package dev.redrive.alert;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The SQL that opens, calms and ends rows of {@code alert}; {@link TellingStore} says which are told. */
final class EpisodeStore {

    /**
     * One that is open already only gets the new figures; a moment that happened once never changes. A rule that somebody
     * deletes meanwhile opens nothing, instead of failing who stores letters.
     */
    private static final String HOLD = """
            INSERT INTO alert AS a (rule_id, rule_name, condition, severity, runbook_url, moment, subject_kind, subject_id,
              title, topic, cluster, facts, data, path, failure_group_id, count, since, state, fired_at)
            SELECT r.id, r.name, r.condition, r.severity, r.runbook_url, $3::boolean, m.kind, m.id, m.title, m.topic, m.cluster, m.facts,
              m.data, m.path, m.failure_group_id, m.count, least(m.since, $2::timestamptz),
              CASE WHEN held.long THEN 'firing' ELSE 'pending' END, CASE WHEN held.long THEN $2::timestamptz END
            FROM alert_rule r
            CROSS JOIN unnest($4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::text[],
                $12::bigint[], $13::bigint[], $14::timestamptz[])
              AS m (kind, id, title, topic, cluster, facts, data, path, failure_group_id, count, since)
            CROSS JOIN LATERAL (SELECT m.since <= $2::timestamptz - make_interval(secs => r.for_seconds) AS long) AS held
            WHERE r.id = $1 ORDER BY m.kind, m.id FOR KEY SHARE OF r
            ON CONFLICT (rule_id, subject_kind, subject_id) WHERE moment OR state <> 'resolved' DO UPDATE
            SET title = excluded.title, data = excluded.data, count = excluded.count, calm_since = NULL, over_because = NULL
            WHERE NOT a.moment
              AND (a.title, a.data, a.count, a.calm_since) IS DISTINCT FROM (excluded.title, excluded.data, excluded.count, NULL)""";

    private static final String CALM_OTHERS = """
            UPDATE alert SET calm_since = $2
            WHERE rule_id = $1 AND NOT moment AND state <> 'resolved' AND calm_since IS NULL
              AND subject_kind || ' ' || subject_id <> ALL ($3) AND NOT coalesce(cluster = ANY ($4), false)""";

    private static final String CALM = """
            UPDATE alert a SET calm_since = $2, over_because = o.because FROM unnest($3::text[], $4::text[]) AS o (subject, because)
            WHERE a.rule_id = $1 AND NOT a.moment AND a.state <> 'resolved' AND a.calm_since IS NULL
              AND a.subject_kind || ' ' || a.subject_id = o.subject""";

    /** What a rule held that is off by now, or waits for something else. */
    private static final String CALM_LEFT = """
            UPDATE alert a SET calm_since = $1 FROM alert_rule r
            WHERE r.id = a.rule_id AND (NOT r.enabled OR r.condition <> a.condition)
              AND NOT a.moment AND a.state <> 'resolved' AND a.calm_since IS NULL""";

    /** What only somebody who asks the cluster could end. */
    private static final String LEAVE = """
            UPDATE alert SET calm_since = coalesce(calm_since, $1::timestamptz),
              over_because = 'Cluster ' || left(cluster, 300) || ' is not in the settings any more.'
            WHERE condition = ANY ($3) AND cluster <> ALL ($2) AND NOT moment AND state <> 'resolved' AND over_because IS NULL""";

    private static final String FIRE = """
            UPDATE alert a SET state = 'firing', fired_at = $1::timestamptz FROM alert_rule r
            WHERE r.id = a.rule_id AND a.state = 'pending' AND a.calm_since IS NULL
              AND a.since <= $1::timestamptz - make_interval(secs => r.for_seconds)""";

    private static final String FORGET = "DELETE FROM alert WHERE state = 'pending' AND calm_since IS NOT NULL";

    /** One that is calm since a time far ahead is so by a clock that was wrong. */
    private static final String RESOLVE = """
            UPDATE alert SET state = 'resolved', resolved_at = $1::timestamptz
            WHERE state = 'firing' AND NOT moment AND (calm_since <= $1::timestamptz - make_interval(secs => $2)
              OR calm_since > $1::timestamptz + make_interval(secs => $2))""";

    private static final String MOMENTS = """
            SELECT DISTINCT failure_group_id FROM alert
            WHERE moment AND state = 'firing' AND told = 'firing' AND failure_group_id IS NOT NULL""";

    /**
     * Of a moment no end is told: somebody looked, or handled the failure group, or a day has passed. One that nobody was
     * told of, because no process ran for a day, waits to be told; not where a silence or the rule keeps it back.
     */
    private static final String PASS = """
            UPDATE alert a SET state = 'resolved', resolved_at = $1::timestamptz, told = 'resolved'
            WHERE moment AND state = 'firing'
              AND (acknowledged_at IS NOT NULL OR told = 'firing' AND failure_group_id = ANY ($2)
                OR fired_at < $1::timestamptz - interval '24 hours' AND (told IS NOT NULL OR suppressed_by IS NOT NULL
                  OR NOT EXISTS (SELECT FROM alert_rule r WHERE r.id = a.rule_id AND r.enabled)))""";

    private static final String END_OF_RULE = """
            UPDATE alert SET state = 'resolved', resolved_at = $2::timestamptz, calm_since = coalesce(calm_since, $2::timestamptz),
              fired_at = coalesce(fired_at, $2::timestamptz), told = CASE WHEN moment THEN 'resolved' ELSE told END
            WHERE rule_id = $1 AND state <> 'resolved'""";

    private static final String PRUNE = "DELETE FROM alert WHERE resolved_at < $1::timestamptz - interval '90 days'";

    private EpisodeStore() {}

    /** Opens what is not open; the others get the new figures. @return how many rows were written */
    static Future<Integer> hold(SqlConnection connection, AlertRule rule, List<AlertNotice> notices, Instant now) {
        if (notices.isEmpty()) {
            return Future.succeededFuture(0);
        }
        var values = Tuple.of(
                        rule.id(), AlertRuleStore.utc(now), rule.condition().isMoment())
                .addValue(texts(notices, notice -> notice.subject().kind().word()))
                .addValue(texts(notices, notice -> notice.subject().id()))
                .addValue(texts(notices, notice -> Texts.bounded(notice.title(), 990)))
                .addValue(texts(notices, notice -> notice.subject().topic()))
                .addValue(texts(notices, notice -> notice.subject().cluster()))
                .addValue(texts(notices, notice -> notice.subject().facts().encode()))
                .addValue(texts(notices, notice -> notice.data().encode()))
                .addValue(texts(notices, AlertNotice::path))
                .addValue(notices.stream().map(EpisodeStore::group).toArray(Long[]::new))
                .addValue(notices.stream().map(AlertNotice::count).toArray(Long[]::new))
                .addValue(notices.stream()
                        .map(notice -> AlertRuleStore.utc(notice.since()))
                        .toArray(java.time.OffsetDateTime[]::new));
        return connection.preparedQuery(HOLD).execute(values).map(rows -> rows.rowCount());
    }

    private static @Nullable Long group(AlertNotice notice) {
        var subject = notice.subject();
        return subject.kind() == AlertSubject.Kind.GROUP ? Long.valueOf(subject.shownId()) : null;
    }

    private static @Nullable String[] texts(List<AlertNotice> notices, Function<AlertNotice, @Nullable String> text) {
        return notices.stream().map(text).toArray(String[]::new);
    }

    /** @param unknown clusters of which nothing can be said: their alerts stay as they are */
    static Future<Integer> calmOthers(
            SqlConnection connection, AlertRule rule, List<AlertNotice> holding, Set<String> unknown, Instant now) {
        return connection
                .preparedQuery(CALM_OTHERS)
                .execute(Tuple.of(rule.id(), AlertRuleStore.utc(now))
                        .addValue(keys(holding))
                        .addValue(unknown.toArray(String[]::new)))
                .map(rows -> rows.rowCount());
    }

    static Future<Integer> calm(SqlConnection connection, AlertRule rule, List<AlertNotice> over, Instant now) {
        return over.isEmpty()
                ? Future.succeededFuture(0)
                : connection
                        .preparedQuery(CALM)
                        .execute(Tuple.of(rule.id(), AlertRuleStore.utc(now))
                                .addValue(keys(over))
                                .addValue(texts(over, notice -> notice.data().getString(AlertNotice.OVER_BECAUSE))))
                        .map(rows -> rows.rowCount());
    }

    private static String[] keys(List<AlertNotice> notices) {
        return notices.stream()
                .map(notice ->
                        notice.subject().kind().word() + " " + notice.subject().id())
                .toArray(String[]::new);
    }

    /** What lies in Kafka where no process looks any more is over, and says why. @return how many rows changed */
    static Future<Integer> leave(SqlConnection connection, Set<String> clusters, Instant now) {
        return connection
                .preparedQuery(LEAVE)
                .execute(Tuple.of(AlertRuleStore.utc(now))
                        .addValue(clusters.toArray(String[]::new))
                        .addValue(Arrays.stream(Condition.values())
                                .filter(Condition::isKnownByAsking)
                                .map(Condition::word)
                                .toArray(String[]::new)))
                .map(rows -> rows.rowCount());
    }

    /** Lets time pass: what held long enough fires, what was calm long enough is over. @return how many rows changed */
    static Future<Integer> settle(SqlConnection connection, Duration calm, Instant now) {
        var at = AlertRuleStore.utc(now);
        return connection
                .preparedQuery(CALM_LEFT)
                .execute(Tuple.of(at))
                .compose(calmed -> connection.query(FORGET).execute())
                .compose(forgotten -> connection.preparedQuery(FIRE).execute(Tuple.of(at)))
                .compose(fired -> connection
                        .preparedQuery(RESOLVE)
                        .execute(Tuple.of(at, calm.toMillis() / 1000.0))
                        .map(resolved -> fired.rowCount() + resolved.rowCount()));
    }

    /** Failure groups whose moment was told and is still shown. */
    static Future<List<Long>> groupsOfMoments(SqlConnection connection) {
        return connection
                .query(MOMENTS)
                .execute()
                .map(rows -> rows.stream()
                        .map(row -> row.getLong("failure_group_id"))
                        .toList());
    }

    /** @param handled failure groups that need nobody any more */
    static Future<Integer> pass(SqlConnection connection, Collection<Long> handled, Instant now) {
        return connection
                .preparedQuery(PASS)
                .execute(Tuple.of(AlertRuleStore.utc(now)).addValue(handled.toArray(Long[]::new)))
                .map(rows -> rows.rowCount());
    }

    /** The rule goes, and so does all that it holds. */
    static Future<Void> endAll(SqlConnection connection, long ruleId, Instant now) {
        return connection
                .preparedQuery(END_OF_RULE)
                .execute(Tuple.of(ruleId, AlertRuleStore.utc(now)))
                .mapEmpty();
    }

    /** Forgets what has been over for 90 days. */
    static Future<Void> prune(SqlConnection connection, Instant now) {
        return connection
                .preparedQuery(PRUNE)
                .execute(Tuple.of(AlertRuleStore.utc(now)))
                .mapEmpty();
    }
}
