-- How the topics that are read, and the origins that their letters name, are made; overwritten by the watch over topics.
-- Of a topic that is gone there is no row.
CREATE TABLE topic_shape (
  cluster_id smallint NOT NULL REFERENCES cluster,
  topic text NOT NULL,
  topic_id uuid NOT NULL,
  partitions int NOT NULL,
  replication_factor int NOT NULL,    -- of the partition that has the fewest copies
  retention_ms bigint,                -- -1 for ever; null where we may not read it, as the two below
  retention_bytes bigint,             -- of one partition; -1 without a bound
  cleanup_policy text,
  measured_at timestamptz NOT NULL,
  PRIMARY KEY (cluster_id, topic)
) WITH (fillfactor = 50);
