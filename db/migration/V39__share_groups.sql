-- By which protocol a group reads, in Kafka's words; null where the broker does not tell.
ALTER TABLE consumer_group_topic
  ADD COLUMN type text CONSTRAINT type_is_known CHECK (type IN ('classic', 'consumer', 'streams'));

-- Share groups (KIP-932) that read an origin or a dead-letter topic. They take records one by one and commit no offset,
-- so nothing of consumer_lag is true of them. Overwritten by the watch.
CREATE TABLE share_group_topic (
  cluster_id smallint NOT NULL REFERENCES cluster,
  share_group text NOT NULL,
  topic text NOT NULL,
  state text NOT NULL CONSTRAINT share_state_is_known CHECK (state IN ('stable', 'empty', 'dead', 'unknown')),
  members int,                        -- of the group; null where Kafka did not say
  partitions int NOT NULL,            -- of the topic that the group reads or has read
  lag bigint CONSTRAINT share_lag_is_counted CHECK (lag >= 0),   -- null where Kafka did not say it of every partition
  measured_at timestamptz NOT NULL,
  PRIMARY KEY (cluster_id, share_group, topic)
) WITH (fillfactor = 50);
-- Serves the groups of one topic.
CREATE INDEX share_group_by_topic ON share_group_topic (topic);
