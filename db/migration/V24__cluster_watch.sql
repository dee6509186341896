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

-- What a dead-letter topic is told of once and once more when it is over: unread letters that will expire, a transaction
-- of somebody else that holds letters back, readiness that was lost.
CREATE TABLE topic_episode (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  cluster_id smallint NOT NULL REFERENCES cluster,
  kind text NOT NULL CONSTRAINT kind_is_known CHECK (kind IN ('expiry', 'transaction', 'unready')),
  topic text NOT NULL,
  partition int NOT NULL,             -- -1 where it is about the whole topic
  details text NOT NULL,              -- JSON, as it was told
  fired_at timestamptz NOT NULL DEFAULT now(),
  resolved_at timestamptz
);
CREATE UNIQUE INDEX topic_has_one_episode ON topic_episode (cluster_id, kind, topic, partition) WHERE resolved_at IS NULL;
-- Serves what was told of a topic lately.
CREATE INDEX topic_episode_by_topic ON topic_episode (topic, id DESC);

-- How long the oldest letter that is not stored yet has before Kafka deletes it; measured by the watch, overwritten.
CREATE TABLE topic_expiry (
  cluster_id smallint NOT NULL REFERENCES cluster,
  topic text NOT NULL,
  partition int NOT NULL,
  lag bigint NOT NULL CONSTRAINT expiry_lag_is_counted CHECK (lag >= 0),
  oldest_at timestamptz,              -- of the oldest record that is not stored; null without one
  time_headroom double precision,     -- percent of retention.ms that is left; null without a bound by time
  size_headroom double precision,     -- percent of retention.bytes that is left; null without a bound by size
  measured_at timestamptz NOT NULL,
  PRIMARY KEY (cluster_id, topic, partition)
) WITH (fillfactor = 50);

-- The last readiness of each dead-letter topic that the watch measured by itself.
CREATE TABLE topic_readiness (
  cluster_id smallint NOT NULL REFERENCES cluster,
  topic text NOT NULL,
  ready boolean NOT NULL,
  failing text[] NOT NULL,            -- ids of the checks that fail
  measured_at timestamptz NOT NULL,
  PRIMARY KEY (cluster_id, topic)
);

-- A topic that is read, or is not, whatever its name says.
ALTER TABLE topic_setting
  ADD COLUMN reading text CONSTRAINT reading_is_known CHECK (reading IN ('include', 'exclude')),
  ADD COLUMN reading_by text,
  ADD COLUMN reading_reason text CHECK (char_length(reading_reason) <= 2000),
  ADD CONSTRAINT reading_says_by_whom CHECK ((reading IS NULL) = (reading_by IS NULL));

-- What is known of a group and a topic besides its offsets; found out once a minute.
CREATE TABLE consumer_group_topic (
  cluster_id smallint NOT NULL REFERENCES cluster,
  consumer_group text NOT NULL,
  topic text NOT NULL,
  members int,                        -- of the group; null where Kafka did not say
  uncommitted int NOT NULL,           -- partitions of the topic that the group never committed an offset for
  measured_at timestamptz NOT NULL,
  PRIMARY KEY (cluster_id, consumer_group, topic)
);
