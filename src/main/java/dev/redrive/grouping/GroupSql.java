package dev.redrive.grouping;

/**
 * What every list of failure groups reads. Aliases: {@code g} failure_group, {@code c} its counter, {@code s} what
 * people decided, {@code r} and {@code live} how many letters failed of late.
 */
final class GroupSql {

    static final String LABEL = "coalesce(s.label, s.rule_label)";

    /**
     * What two hours had in the week before, which counts only as far as the group is old. Dear, because it reads the
     * buckets of that week: of a group that got few letters of late nobody asks it.
     */
    private static final String USUAL = """
            (SELECT coalesce(sum(b.letters), 0) * 2
               / greatest(2, least(166, extract(epoch FROM now() - c.first_seen_at) / 3600 - 2))
             FROM failure_group_bucket b
             WHERE b.failure_group_id = g.id AND b.hour >= date_trunc('hour', now()) - interval '7 days'
               AND b.hour < date_trunc('hour', now()) - interval '1 hour')""";

    /**
     * A state is computed where it is read, so that a snooze ends on time without anybody who ends it. Escalating: ten
     * letters or more since the hour before this one began, and more than three times what such a span had in the
     * last seven days, if the group is a day old at least.
     */
    static final String STATE = """
            CASE
              WHEN s.triage = 'resolved' THEN 'resolved'
              WHEN s.triage = 'snoozed' AND (s.snoozed_until IS NULL OR s.snoozed_until > now())
                AND (s.snoozed_rate IS NULL OR r.recent < s.snoozed_rate) THEN 'snoozed'
              WHEN s.triage = 'regressed' THEN 'regressed'
              WHEN c.first_seen_at > now() - interval '1 hour' THEN 'new'
              WHEN r.recent >= 10 AND c.first_seen_at < now() - interval '1 day' AND r.recent > 3 * %s THEN 'escalating'
              WHEN c.last_seen_at < now() - interval '1 day' THEN 'quiet'
              ELSE 'ongoing' END""".formatted(USUAL);

    /**
     * Left joins, because Postgres leaves those out where nobody asks how many there were of late. To order all groups by
     * that, {@code live} reads the buckets of two hours at once by failure_group_bucket_by_hour, where {@code r} would look
     * for those of each group.
     */
    static final String FROM = """
            FROM failure_group_counter c
            JOIN failure_group g ON g.id = c.failure_group_id
            LEFT JOIN failure_group_state s ON s.failure_group_id = g.id
            LEFT JOIN LATERAL (
              SELECT coalesce(sum(b.letters), 0) AS recent FROM failure_group_bucket b
              WHERE b.failure_group_id = g.id AND b.hour >= date_trunc('hour', now()) - interval '1 hour') AS r ON true
            LEFT JOIN (
              SELECT failure_group_id, sum(letters)::bigint AS letters FROM failure_group_bucket
              WHERE hour >= date_trunc('hour', now()) - interval '1 hour'
              GROUP BY failure_group_id) AS live ON live.failure_group_id = g.id
            """;

    private GroupSql() {}
}
