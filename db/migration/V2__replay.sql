-- Drafts, replays, the lanes that send them, and what waits for an outcome. States and crash table: docs/replay.md.

-- Names our transactional ids and receipts, so that two installations on one Kafka cluster never fence each other.
CREATE TABLE installation (
  single boolean PRIMARY KEY DEFAULT true CONSTRAINT there_is_one_installation CHECK (single),
  id uuid NOT NULL DEFAULT gen_random_uuid()
);
INSERT INTO installation DEFAULT VALUES;

-- An edit. A row never changes: saving again makes the next version, and a row that a replay refers to is kept.
CREATE TABLE draft (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  letter_id bigint NOT NULL REFERENCES dead_letter ON DELETE CASCADE,
  version integer NOT NULL CHECK (version >= 1),
  current boolean NOT NULL DEFAULT true,     -- false: replaced or dropped, kept because it was sent
  origin_record boolean NOT NULL DEFAULT false,  -- fetched from the origin topic, not typed by anybody
  key bytea,
  value bytea,
  headers bytea NOT NULL,                    -- HeaderCodec
  content_hash bytea NOT NULL CHECK (octet_length(content_hash) = 32),   -- ContentHash over key, value and headers
  target_topic text CHECK (char_length(target_topic) BETWEEN 1 AND 249),  -- null: the origin's
  partitioning text NOT NULL DEFAULT 'key' CHECK (partitioning IN ('key', 'original', 'fixed')),
  target_partition integer CHECK (target_partition >= 0),
  timestamp_policy text NOT NULL DEFAULT 'now' CHECK (timestamp_policy IN ('now', 'original')),
  author text NOT NULL,
  reason text,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT draft_version_is_taken_once UNIQUE (letter_id, version),
  CONSTRAINT fixed_draft_names_a_partition CHECK ((partitioning = 'fixed') = (target_partition IS NOT NULL))
);
-- Serves the read of a letter's draft; at most one is current.
CREATE UNIQUE INDEX draft_is_current_once ON draft (letter_id) WHERE current;

-- One wish to send one letter, or a draft of it, to one target, with its fate. The id is the replay id in Kafka.
CREATE TABLE replay (
  id uuid PRIMARY KEY,
  seq bigint GENERATED ALWAYS AS IDENTITY,   -- order within a lane
  letter_id bigint NOT NULL REFERENCES dead_letter,
  source text NOT NULL CHECK (source IN ('original', 'draft', 'origin-record')),
  draft_id bigint REFERENCES draft,
  job_id uuid,                               -- jobs come with their own tables
  content_hash bytea NOT NULL CHECK (octet_length(content_hash) = 32),   -- what was approved; checked before sending
  cluster_id smallint NOT NULL REFERENCES cluster,
  target_topic text NOT NULL,
  target_topic_id uuid NOT NULL,             -- another one at sending time: the topic was re-created
  partitioning text NOT NULL CHECK (partitioning IN ('key', 'original', 'fixed')),
  target_partition integer CHECK (target_partition >= 0),   -- asked for; by key: settled before sending
  timestamp_policy text NOT NULL DEFAULT 'now' CHECK (timestamp_policy IN ('now', 'original')),
  overrides text[] NOT NULL DEFAULT '{}',
  lane integer NOT NULL CHECK (lane >= 0),
  mode text NOT NULL DEFAULT 'strict' CHECK (mode IN ('strict', 'best-effort', 'fallback')),
  state text NOT NULL DEFAULT 'queued'
    CHECK (state IN ('queued', 'sending', 'done', 'failed', 'cancelled', 'uncertain')),
  outcome text CHECK (outcome IN ('sent', 'recovered', 'returned', 'uncertain')),
  fence bigint,                              -- of the lane at the last claim
  attempt integer NOT NULL DEFAULT 0,
  pre_send_end bigint,                       -- end of the target partition, read uncommitted, before the first byte
  sent_partition integer,
  sent_offset bigint,
  aborted_copy text NOT NULL DEFAULT 'none' CHECK (aborted_copy IN ('none', 'seen', 'unknown')),
  aborted_partition integer,
  aborted_offset bigint,
  possible_duplicate boolean NOT NULL DEFAULT false,
  last_error text,
  not_before timestamptz NOT NULL DEFAULT now(),    -- until then it can be undone
  next_try_at timestamptz NOT NULL DEFAULT now(),
  consumer_group text,                       -- watched for the outcome; null: unknown
  look_at timestamptz,                       -- next look for an outcome; null: none is awaited
  returned_as bigint,                        -- the letter it came back as
  requested_by text NOT NULL,
  reason text,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  settled_at timestamptz,
  outcome_at timestamptz,
  CONSTRAINT draft_is_named_unless_original CHECK ((source = 'original') = (draft_id IS NULL)),
  CONSTRAINT sending_has_a_fence CHECK (state <> 'sending' OR fence IS NOT NULL),
  CONSTRAINT outcome_fits_the_state CHECK (CASE state
    WHEN 'done' THEN outcome IS NOT NULL AND outcome <> 'uncertain'
    WHEN 'uncertain' THEN outcome IS NOT DISTINCT FROM 'uncertain'
    ELSE outcome IS NULL END),
  CONSTRAINT seen_copy_has_a_place CHECK ((aborted_copy = 'seen') = (aborted_offset IS NOT NULL))
) WITH (fillfactor = 70);
-- Holds "one live replay for each letter".
CREATE UNIQUE INDEX replay_is_live_once ON replay (letter_id) WHERE state IN ('queued', 'sending', 'uncertain');
-- Serves the claim of a lane.
CREATE INDEX replay_queued ON replay (cluster_id, lane, seq) WHERE state = 'queued';
-- Serves the recovery of a lane.
CREATE INDEX replay_sending ON replay (cluster_id, lane) WHERE state = 'sending';
-- Serves the replays of a letter, and whether a draft was sent.
CREATE INDEX replay_by_letter ON replay (letter_id, seq DESC);
-- Serves the outcome watch.
CREATE INDEX replay_awaiting ON replay (look_at) WHERE look_at IS NOT NULL;

-- A transactional producer, owned by one process at a time.
CREATE TABLE replay_lane (
  cluster_id smallint NOT NULL REFERENCES cluster,
  lane integer NOT NULL CHECK (lane >= 0),
  fence bigint NOT NULL DEFAULT 1,           -- raised at every takeover
  owner uuid,
  lease_until timestamptz NOT NULL,          -- the database's clock alone
  receipts_topic_id uuid,                    -- null: not yet bound to a receipts topic
  receipts_next_offset bigint CHECK (receipts_next_offset >= 0),
  mode text CHECK (mode IN ('strict', 'best-effort', 'fallback')),
  health text NOT NULL DEFAULT 'starting' CHECK (health IN ('starting', 'serving', 'retrying', 'hold')),
  health_detail text,
  changed_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (cluster_id, lane),
  CONSTRAINT position_belongs_to_a_topic CHECK ((receipts_topic_id IS NULL) = (receipts_next_offset IS NULL))
) WITH (fillfactor = 50);

-- Letters that carry a replay id and are not linked to their replay yet. A queue of its own, because a record may
-- come back before its replay is settled, or long after.
CREATE TABLE returned_letter (
  letter_id bigint PRIMARY KEY REFERENCES dead_letter ON DELETE CASCADE,
  replay_id uuid NOT NULL
);
CREATE FUNCTION note_returned_letter() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO returned_letter (letter_id, replay_id) VALUES (NEW.id, NEW.replay_id);
  RETURN NULL;
END $$;
-- The condition is all that other letters pay.
CREATE TRIGGER note_returned_letter AFTER INSERT ON dead_letter
  FOR EACH ROW WHEN (NEW.replay_id IS NOT NULL) EXECUTE FUNCTION note_returned_letter();
-- Serves the outcome watch where a framework dropped our headers: the record went to these coordinates.
CREATE INDEX replay_by_sent_place ON replay (target_topic, sent_partition, sent_offset) WHERE look_at IS NOT NULL;

-- lz4 only where the server was built with it.
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_settings WHERE name = 'default_toast_compression' AND 'lz4' = ANY (enumvals)) THEN
    ALTER TABLE draft
      ALTER key SET COMPRESSION lz4, ALTER value SET COMPRESSION lz4, ALTER headers SET COMPRESSION lz4;
  END IF;
END $$;
