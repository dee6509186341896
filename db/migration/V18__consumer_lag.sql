-- What the cluster watch last measured of every consumer group that reads an origin or a dead-letter topic.
-- One row a partition, overwritten; only the process that holds the lease of the watch writes.
CREATE TABLE consumer_lag (
  cluster_id smallint NOT NULL REFERENCES cluster,
  consumer_group text NOT NULL,
  topic text NOT NULL,
  partition int NOT NULL,
  -- Next offset the group would read; null where it has committed none.
  committed bigint,
  log_end bigint NOT NULL,
  lag bigint NOT NULL CONSTRAINT lag_is_counted CHECK (lag >= 0),
  -- Burrow's words (linkedin/Burrow, Consumer-Lag-Evaluation-Rules).
  status text NOT NULL CONSTRAINT status_is_known CHECK (status IN ('ok', 'warn', 'stall', 'stop', 'rewind')),
  status_since timestamptz NOT NULL DEFAULT now(),
  -- When the group's committed offset last moved, as far as we saw.
  moved_at timestamptz NOT NULL DEFAULT now(),
  measured_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (cluster_id, consumer_group, topic, partition)
) WITH (fillfactor = 50);

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
