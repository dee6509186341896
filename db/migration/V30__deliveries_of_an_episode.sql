-- Serves "what of an episode did an endpoint hear last": an end goes to whoever heard of the beginning.
CREATE INDEX alert_delivery_of_episode ON alert_delivery (episode, endpoint_id, id DESC);
-- Serves the removal of what was told 90 days ago.
CREATE INDEX alert_delivery_by_age ON alert_delivery (created_at);
