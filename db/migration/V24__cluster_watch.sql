-- Records that operators took out of the way of a consumer group. Written before anything is copied, so that whoever
-- goes on after a crash knows what to look for: the copy carries the id, and none of it lies before search_from.
CREATE TABLE quarantine (
  id uuid PRIMARY KEY,
  cluster_id smallint NOT NULL REFERENCES cluster,
  consumer_group text NOT NULL,
  topic text NOT NULL,
  topic_id uuid NOT NULL,
  partition int NOT NULL,
  record_offset bigint NOT NULL,
  dead_letter_topic text NOT NULL,
  dead_letter_partition int NOT NULL,
  search_from bigint NOT NULL,        -- the end of that partition before the first try
  reason text NOT NULL CHECK (char_length(reason) BETWEEN 1 AND 2000),
  asked_by text NOT NULL,
  asked_at timestamptz NOT NULL DEFAULT now(),
  dead_letter_offset bigint,          -- of the copy; null until there is one
  moved_at timestamptz,               -- when the group was seen behind the record
  CONSTRAINT record_is_quarantined_once UNIQUE (cluster_id, consumer_group, topic_id, partition, record_offset),
  CONSTRAINT nothing_is_skipped_without_a_copy CHECK (moved_at IS NULL OR dead_letter_offset IS NOT NULL)
);
