-- Processes share the lanes of a cluster, and receipts tell of replays that this database does not know. Docs:
-- docs/replay.md.

-- A process that serves lanes of a cluster. Who is alive, and for how long, says how many lanes each may own.
CREATE TABLE lane_owner (
  cluster_id smallint NOT NULL REFERENCES cluster,
  owner uuid NOT NULL,
  since timestamptz NOT NULL DEFAULT now(),
  alive_until timestamptz NOT NULL,          -- the database's clock alone
  PRIMARY KEY (cluster_id, owner)
) WITH (fillfactor = 50);

-- What is known of a replay by its receipt alone: not what was asked for, nor by whom.
ALTER TABLE replay DROP CONSTRAINT replay_source_check, DROP CONSTRAINT draft_is_named_unless_original;
ALTER TABLE replay
  ALTER target_topic_id DROP NOT NULL,
  ALTER content_hash DROP NOT NULL,
  ADD CONSTRAINT replay_source_check CHECK (source IN ('original', 'draft', 'origin-record', 'transform', 'receipt')),
  ADD CONSTRAINT draft_is_named_unless_original CHECK ((source IN ('original', 'receipt')) = (draft_id IS NULL)),
  ADD CONSTRAINT only_a_receipt_says_less
    CHECK (source = 'receipt' OR target_topic_id IS NOT NULL AND content_hash IS NOT NULL);

-- A replay that a receipt proves and nobody here asked for, until its letter is here: the database was restored to a time
-- before.
CREATE TABLE unknown_replay (
  replay_id uuid PRIMARY KEY,
  kafka_id text NOT NULL,                    -- the letter's position
  topic_id uuid NOT NULL,
  kafka_partition integer NOT NULL,
  kafka_offset bigint NOT NULL,
  leader_epoch integer NOT NULL,
  cluster_id smallint NOT NULL REFERENCES cluster,   -- where it went
  lane integer NOT NULL,
  attempt integer NOT NULL,
  target_topic text,                         -- null in receipts of the first format, as the next one and the last two
  target_topic_id uuid,
  sent_partition integer NOT NULL,
  sent_offset bigint NOT NULL,
  content_hash bytea,
  job_id uuid,
  outcome_window interval NOT NULL,
  met_at timestamptz NOT NULL DEFAULT now()
);
-- Serves the letters that come in.
CREATE INDEX unknown_replay_by_letter ON unknown_replay (topic_id, kafka_partition, kafka_offset);

-- Makes those of the named replays known whose letters are here. A wish to send such a letter once more, from before the
-- restore, is cancelled: whether it still holds only a person can say.
CREATE FUNCTION know_replays(ids uuid[]) RETURNS void LANGUAGE sql AS $$
  WITH met AS (
    DELETE FROM unknown_replay u
    USING dead_letter d JOIN dead_letter_topic t ON t.id = d.topic_ref JOIN cluster k ON k.id = t.cluster_id
    WHERE u.replay_id = ANY (ids) AND t.topic_id = u.topic_id AND k.kafka_id = u.kafka_id
      AND d.kafka_partition = u.kafka_partition AND d.kafka_offset = u.kafka_offset AND d.leader_epoch = u.leader_epoch
    RETURNING u.*, d.id AS letter_id, d.origin_topic, d.origin_group),
  known AS (
    INSERT INTO replay (id, letter_id, source, job_id, content_hash, cluster_id, target_topic, target_topic_id,
      partitioning, target_partition, lane, mode, state, outcome, attempt, sent_partition, sent_offset, consumer_group,
      look_at, requested_by, reason, settled_at)
    SELECT replay_id, letter_id, 'receipt', (SELECT j.job_id FROM replay_job j WHERE j.job_id = met.job_id), content_hash,
      cluster_id, coalesce(target_topic, origin_topic, 'unknown'), target_topic_id, 'key', sent_partition, lane,
      coalesce((SELECT l.mode FROM replay_lane l WHERE l.cluster_id = met.cluster_id AND l.lane = met.lane), 'best-effort'),
      'done', 'sent', attempt, sent_partition, sent_offset, origin_group, now() + outcome_window, 'unknown',
      'Known by its receipt alone', now()
    FROM met ORDER BY sent_offset
    ON CONFLICT (id) DO NOTHING
    RETURNING id, letter_id, target_topic, sent_partition, sent_offset),
  withdrawn AS (
    UPDATE replay r SET state = 'cancelled', settled_at = now(), updated_at = now(),
      last_error = 'A receipt says that the letter was replayed since'
    WHERE r.letter_id IN (SELECT letter_id FROM known) AND r.state IN ('held', 'queued')),
  replayed AS (
    UPDATE letter_state SET status = 'replayed', version = version + 1, changed_at = now()
    WHERE letter_id IN (SELECT letter_id FROM known) AND status IN ('open', 'replaying')),
  told AS (
    INSERT INTO audit_event (actor, action, letter_id, object, details)
    SELECT 'system', 'replay-known-by-receipt', letter_id, '/api/v1/replays/' || id, jsonb_build_object(
      'topic', target_topic, 'partition', sent_partition, 'offset', sent_offset::text)
    FROM known)
  SELECT pg_notify('redrive_changed', '{"what":"letters","ids":[]}') WHERE EXISTS (SELECT FROM known)
$$;

CREATE FUNCTION know_replays_of_letters() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM unknown_replay) THEN
    PERFORM know_replays(ARRAY(
      SELECT u.replay_id
      FROM arrived a JOIN dead_letter d ON d.id = a.letter_id JOIN dead_letter_topic t ON t.id = d.topic_ref
        JOIN unknown_replay u ON u.topic_id = t.topic_id AND u.kafka_partition = d.kafka_partition
          AND u.kafka_offset = d.kafka_offset));
  END IF;
  RETURN NULL;
END $$;
-- Fires last, by name, so that the letters are counted as open before they are counted as replayed.
CREATE TRIGGER use_receipts_of_letters AFTER INSERT ON letter_state
  REFERENCING NEW TABLE AS arrived FOR EACH STATEMENT EXECUTE FUNCTION know_replays_of_letters();
