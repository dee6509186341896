-- Letters, failure groups and how far we have read.

CREATE TABLE cluster (
  id smallint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kafka_id text NOT NULL CONSTRAINT cluster_is_known_once UNIQUE,
  name text NOT NULL
);

-- One incarnation of a dead-letter topic: a re-created topic has another topic_id and is another row.
CREATE TABLE dead_letter_topic (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  cluster_id smallint NOT NULL REFERENCES cluster,
  name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 249),
  topic_id uuid NOT NULL,
  first_seen_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT topic_incarnation_is_known_once UNIQUE (cluster_id, topic_id)
);
-- Serves the topic filter of the letter list and the topics screen.
CREATE INDEX dead_letter_topic_by_name ON dead_letter_topic (name);

-- Frames of a stack trace without its messages, once per distinct text; see StackTraceText.
CREATE TABLE stack_trace (
  hash bytea PRIMARY KEY CHECK (octet_length(hash) = 16),
  frames bytea NOT NULL
);

CREATE TABLE failure_group (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  fingerprint bytea NOT NULL CONSTRAINT failure_group_has_its_own_fingerprint UNIQUE,
  fingerprint_version smallint NOT NULL,
  title text NOT NULL,                       -- exception class, or what stands for it
  message text,                              -- normalised
  culprit text,                              -- first own-code frame
  origin_topic text,
  topic text NOT NULL,                       -- dead-letter topic of the first letter
  consumer_group text,
  convention text NOT NULL,
  parts jsonb NOT NULL,                      -- why grouped: [{"name":…,"value":…}]
  created_at timestamptz NOT NULL DEFAULT now()
);

-- Narrow and often updated, hence apart from failure_group. The insert of letters counts in its own statement;
-- every later change of a status is counted by trigger count_letters.
CREATE TABLE failure_group_counter (
  failure_group_id bigint PRIMARY KEY REFERENCES failure_group ON DELETE CASCADE,
  letters bigint NOT NULL DEFAULT 0,
  open bigint NOT NULL DEFAULT 0,
  replaying bigint NOT NULL DEFAULT 0,
  replayed bigint NOT NULL DEFAULT 0,
  recovered bigint NOT NULL DEFAULT 0,
  returned bigint NOT NULL DEFAULT 0,
  discarded bigint NOT NULL DEFAULT 0,
  purged bigint NOT NULL DEFAULT 0,
  first_seen_at timestamptz NOT NULL DEFAULT now(),   -- failure times, not ingest times
  last_seen_at timestamptz NOT NULL DEFAULT now()
) WITH (fillfactor = 50);
-- Serves the overview: failure groups by last failure.
CREATE INDEX failure_group_counter_by_last_seen ON failure_group_counter (last_seen_at DESC, failure_group_id DESC);

CREATE TABLE failure_group_bucket (
  failure_group_id bigint NOT NULL REFERENCES failure_group ON DELETE CASCADE,
  hour timestamptz NOT NULL,                 -- start of the hour in which the letters failed
  letters bigint NOT NULL,
  PRIMARY KEY (failure_group_id, hour)
) WITH (fillfactor = 50);
-- Serves the trend over all topics on the overview.
CREATE INDEX failure_group_bucket_by_hour ON failure_group_bucket (hour);

-- Written once, never updated (a purge apart): the bytes and what was read from them.
CREATE TABLE dead_letter (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kafka_offset bigint NOT NULL,
  kafka_timestamp bigint NOT NULL,           -- as on the record, any value
  failed_at timestamptz NOT NULL,            -- kafka_timestamp made safe: clamped to 1970..now
  ingested_at timestamptz NOT NULL DEFAULT now(),
  failure_group_id bigint NOT NULL REFERENCES failure_group,
  topic_ref integer NOT NULL REFERENCES dead_letter_topic,
  kafka_partition integer NOT NULL,
  leader_epoch integer NOT NULL,
  timestamp_type smallint NOT NULL,
  storage text NOT NULL CHECK (storage IN ('inline', 'chunked', 'pointer')),
  payload text NOT NULL CHECK (payload IN ('present', 'absent', 'report')),
  replayable boolean NOT NULL,
  convention text NOT NULL,
  content_hash bytea NOT NULL CHECK (octet_length(content_hash) = 32),   -- SHA-256 over key, value and headers
  value_size bigint,                         -- true size, null for a null value
  key bytea,
  value bytea,                               -- null where storage is not inline, and for a null value
  headers bytea,                             -- HeaderCodec; null where storage is pointer
  trace_hash bytea,                          -- stack_trace; null where the letter has no stack trace
  trace_messages bytea,                      -- what StackTraceText took out of the trace
  unwrapped bytea,                           -- ContentCodec: what an envelope held
  origin_topic text,
  origin_partition integer,
  origin_offset bigint,
  origin_timestamp bigint,
  origin_group text,
  origin_inferred_from text,
  exception_class text,
  cause_class text,
  message text,                              -- at most 8 KiB of it
  attempts integer,
  latest jsonb,                              -- the hop of the latest failure where that is not the origin
  details jsonb,
  replay_drops text[] NOT NULL,
  replay_id uuid,                            -- from our own header: this letter is a replay that came back
  CONSTRAINT letter_is_stored_once UNIQUE (topic_ref, kafka_partition, kafka_offset, leader_epoch)
);
-- Serves the outcome watch: which replay does this returned letter belong to.
CREATE INDEX dead_letter_by_replay ON dead_letter (replay_id) WHERE replay_id IS NOT NULL;
-- Serves the outcome watch where a framework dropped our headers, and "other letters of this record".
CREATE INDEX dead_letter_by_origin ON dead_letter (origin_topic, origin_partition, origin_offset)
  WHERE origin_offset IS NOT NULL;
-- Serves the filter by key; a hash because a btree takes no long values.
CREATE INDEX dead_letter_by_key ON dead_letter USING hash (key) WHERE key IS NOT NULL;

-- Values above 256 KiB, in pieces of 256 KiB.
CREATE TABLE letter_chunk (
  letter_id bigint NOT NULL REFERENCES dead_letter ON DELETE CASCADE,
  no integer NOT NULL,                       -- from 0
  bytes bytea NOT NULL,
  PRIMARY KEY (letter_id, no)
);

-- What changes about a letter.
CREATE TABLE letter_state (
  letter_id bigint PRIMARY KEY REFERENCES dead_letter ON DELETE CASCADE,
  failure_group_id bigint NOT NULL,
  topic_ref integer NOT NULL,
  version integer NOT NULL DEFAULT 1,
  returns integer NOT NULL DEFAULT 0,        -- how often this record came back after a replay
  parent_id bigint,                          -- the letter whose replay came back as this one
  status text NOT NULL DEFAULT 'open'
    CHECK (status IN ('open', 'replaying', 'replayed', 'recovered', 'returned', 'discarded', 'purged')),
  changed_at timestamptz NOT NULL DEFAULT now()
) WITH (fillfactor = 50);
-- Serves the letter list by status.
CREATE INDEX letter_state_by_status ON letter_state (status, letter_id DESC);
-- Serves the letter list of one topic.
CREATE INDEX letter_state_by_topic ON letter_state (topic_ref, status, letter_id DESC);
-- Serves the letter list of one failure group.
CREATE INDEX letter_state_by_group ON letter_state (failure_group_id, status, letter_id DESC);
-- Serves the lineage of a letter.
CREATE INDEX letter_state_by_parent ON letter_state (parent_id) WHERE parent_id IS NOT NULL;

-- Counters follow the states whoever changes them, so no caller can forget. Groups in key order against deadlocks.
CREATE FUNCTION count_letters() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    WITH delta AS (
      SELECT failure_group_id AS g, status, sum(n) AS n FROM (
        SELECT failure_group_id, status, 1 AS n FROM after_change
        UNION ALL SELECT failure_group_id, status, -1 FROM before_change) AS moves
      GROUP BY 1, 2 HAVING sum(n) <> 0),
    locked AS (
      SELECT failure_group_id FROM failure_group_counter
      WHERE failure_group_id IN (SELECT g FROM delta) ORDER BY failure_group_id FOR UPDATE),
    sums AS (
      SELECT g,
        coalesce(sum(n), 0) AS letters,
        coalesce(sum(n) FILTER (WHERE status = 'open'), 0) AS open,
        coalesce(sum(n) FILTER (WHERE status = 'replaying'), 0) AS replaying,
        coalesce(sum(n) FILTER (WHERE status = 'replayed'), 0) AS replayed,
        coalesce(sum(n) FILTER (WHERE status = 'recovered'), 0) AS recovered,
        coalesce(sum(n) FILTER (WHERE status = 'returned'), 0) AS returned,
        coalesce(sum(n) FILTER (WHERE status = 'discarded'), 0) AS discarded,
        coalesce(sum(n) FILTER (WHERE status = 'purged'), 0) AS purged
      FROM delta GROUP BY g)
    UPDATE failure_group_counter c SET
      letters = c.letters + s.letters, open = c.open + s.open, replaying = c.replaying + s.replaying,
      replayed = c.replayed + s.replayed, recovered = c.recovered + s.recovered,
      returned = c.returned + s.returned, discarded = c.discarded + s.discarded, purged = c.purged + s.purged
    FROM sums s JOIN locked l ON l.failure_group_id = s.g
    WHERE c.failure_group_id = s.g;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER count_letters AFTER UPDATE ON letter_state
  REFERENCING OLD TABLE AS before_change NEW TABLE AS after_change
  FOR EACH STATEMENT EXECUTE FUNCTION count_letters();

-- How far each partition has been read. This row, not Kafka's committed offset, is what counts.
CREATE TABLE ingest_position (
  topic_ref integer NOT NULL REFERENCES dead_letter_topic,
  kafka_partition integer NOT NULL,
  next_offset bigint NOT NULL CHECK (next_offset >= 0),
  leader_epoch integer NOT NULL,             -- of the last record before next_offset; -1 unknown
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (topic_ref, kafka_partition)
) WITH (fillfactor = 50);

-- What Kafka dropped, truncated or re-created before we read it.
CREATE TABLE ingest_gap (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  topic_ref integer NOT NULL REFERENCES dead_letter_topic,
  kafka_partition integer NOT NULL,
  from_offset bigint NOT NULL,               -- first offset we did not get
  to_offset bigint NOT NULL,                 -- the offset we went on with
  cause text NOT NULL CHECK (cause IN ('retention', 'truncation', 'recreation', 'operator')),
  noticed_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT gap_is_noticed_once UNIQUE (topic_ref, kafka_partition, from_offset, to_offset, cause)
);

-- lz4 only where the server was built with it; pglz is the default and slower.
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_settings WHERE name = 'default_toast_compression' AND 'lz4' = ANY (enumvals)) THEN
    ALTER TABLE dead_letter
      ALTER key SET COMPRESSION lz4, ALTER value SET COMPRESSION lz4, ALTER headers SET COMPRESSION lz4,
      ALTER trace_messages SET COMPRESSION lz4, ALTER unwrapped SET COMPRESSION lz4;
    ALTER TABLE stack_trace ALTER frames SET COMPRESSION lz4;
    ALTER TABLE letter_chunk ALTER bytes SET COMPRESSION lz4;
  END IF;
END $$;

-- What must be done by one process at a time: see LeaseStore.
CREATE TABLE lease (
  name text PRIMARY KEY,
  owner uuid NOT NULL,
  until timestamptz NOT NULL
);
