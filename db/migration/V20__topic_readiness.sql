-- Which topic holds the dead letters of which, as seen in failure groups.

-- Serves "whose dead letters does this topic hold".
CREATE INDEX failure_group_by_topic ON failure_group (topic, id DESC);
-- Serves "where do the dead letters of this topic go".
CREATE INDEX failure_group_by_origin ON failure_group (origin_topic, id DESC) WHERE origin_topic IS NOT NULL;
