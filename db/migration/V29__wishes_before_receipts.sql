-- A wish that was being written while its letter's receipt was met stayed in the queue: the letter was locked by whoever
-- asked, but the list of wishes was of before. The letters are locked first, by a statement of its own, so that the next
-- one sees every wish there is; whoever asks after it finds a letter that is replayed. The rest is as it was in V17.
CREATE OR REPLACE FUNCTION know_replays(ids uuid[]) RETURNS void LANGUAGE sql AS $$
  SELECT count(*) FROM (
    SELECT FROM unknown_replay u
      JOIN dead_letter_topic t ON t.topic_id = u.topic_id JOIN cluster k ON k.id = t.cluster_id AND k.kafka_id = u.kafka_id
      JOIN dead_letter d ON d.topic_ref = t.id AND d.kafka_partition = u.kafka_partition
        AND d.kafka_offset = u.kafka_offset AND d.leader_epoch = u.leader_epoch
      JOIN letter_state s ON s.letter_id = d.id
    WHERE u.replay_id = ANY (ids) ORDER BY s.letter_id FOR UPDATE OF s) AS locked;
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
    WHERE letter_id = ANY (ARRAY (SELECT letter_id FROM known)) AND (status IN ('open', 'replaying')) IS TRUE),
  told AS (
    INSERT INTO audit_event (actor, action, letter_id, object, details)
    SELECT 'system', 'replay-known-by-receipt', letter_id, '/api/v1/replays/' || id, jsonb_build_object(
      'topic', target_topic, 'partition', sent_partition, 'offset', sent_offset::text)
    FROM known)
  SELECT pg_notify('redrive_changed', '{"what":"letters","ids":[]}') WHERE EXISTS (SELECT FROM known)
$$;
