-- The rule for topics that escalate, as loud and as far heard as the one for failure groups. Docs: docs/alerts.md.

INSERT INTO alert_rule (name, built_in, enabled, condition, severity, threshold, window_seconds, for_seconds, endpoint_ids,
  repeat_seconds, group_wait_seconds, group_interval_seconds)
SELECT CASE WHEN EXISTS (SELECT FROM alert_rule WHERE name = 'Topic escalates')
    THEN 'Topic escalates (built in)' ELSE 'Topic escalates' END,
  true, coalesce(g.enabled, true), 'topic-escalating', coalesce(g.severity, 'warning'), 3, 3600, 0,
  coalesce(g.endpoint_ids, '{}'), coalesce(g.repeat_seconds, 14400), coalesce(g.group_wait_seconds, 30),
  coalesce(g.group_interval_seconds, 300)
FROM (VALUES (1)) AS one (row) LEFT JOIN alert_rule g ON g.built_in AND g.condition = 'escalating'
ORDER BY g.id LIMIT 1;
