-- What the cluster watch last measured of every consumer group that reads an origin or a dead-letter topic.
-- One row a partition, overwritten; only the process that holds the lease of the watch writes.
CREATE TABLE consumer_lag (
  cluster_id smallint NOT NULL REFERENCES cluster,
  consumer_group text NOT NULL,
  topic text NOT NULL,
  partition int NOT NULL,
  committed bigint NOT NULL,      -- the offset that the group reads next
  log_end bigint NOT NULL,
  lag bigint NOT NULL CONSTRAINT lag_is_counted CHECK (lag >= 0),
  -- Burrow's words (linkedin/Burrow, Consumer-Lag-Evaluation-Rules).
  status text NOT NULL CONSTRAINT status_is_known CHECK (status IN ('ok', 'warn', 'stall', 'stop', 'rewind')),
  status_since timestamptz NOT NULL,
  moved_at timestamptz NOT NULL,  -- when the offset last moved or nothing was left to read; grows by the time nobody looked
  alive_at timestamptz,           -- when the group last had members or moved; null where that was never seen
  measured_at timestamptz NOT NULL,
  PRIMARY KEY (cluster_id, consumer_group, topic, partition)
) WITH (fillfactor = 50);
-- Serves the groups of one topic.
CREATE INDEX consumer_lag_by_topic ON consumer_lag (topic);

-- A short history for the picture: one row a group, topic and minute.
CREATE TABLE consumer_lag_minute (
  cluster_id smallint NOT NULL REFERENCES cluster,
  consumer_group text NOT NULL,
  topic text NOT NULL,
  minute timestamptz NOT NULL,
  lag bigint NOT NULL,
  status text NOT NULL,
  PRIMARY KEY (cluster_id, consumer_group, topic, minute)
);
-- Serves: what is older than the history we keep goes.
CREATE INDEX consumer_lag_minute_by_age ON consumer_lag_minute (minute);

-- From the alert that fires to the one that says it is over: written with them, so that neither is told twice or alone.
CREATE TABLE consumer_lag_episode (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  cluster_id smallint NOT NULL REFERENCES cluster,
  consumer_group text NOT NULL,
  topic text NOT NULL,
  fired_at timestamptz NOT NULL,
  calm_since timestamptz,         -- it ends when it has been calm for a while; null while it is not
  resolved_at timestamptz
);
CREATE UNIQUE INDEX consumer_group_has_one_episode ON consumer_lag_episode (cluster_id, consumer_group, topic)
  WHERE resolved_at IS NULL;

-- Whether the figures above are those of now.
CREATE TABLE cluster_watch (
  cluster_id smallint PRIMARY KEY REFERENCES cluster,
  measured_at timestamptz,
  left_out int NOT NULL DEFAULT 0,   -- consumer groups beyond those that are watched
  failing_since timestamptz          -- null while Kafka answers
);
