-- Serves "of which topics did the rule tell lately".
CREATE INDEX alert_told_of_topic ON alert (rule_id, told_at, topic) WHERE told_at IS NOT NULL;
