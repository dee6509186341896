-- Every copy of a replay that was aborted, not the first one alone: each owner that dies between the sending and the
-- commit may leave one. It lies in the replay's target topic. Looked up by the replay, which the key serves.
CREATE TABLE aborted_copy (
  replay_id uuid NOT NULL REFERENCES replay ON DELETE CASCADE,
  partition integer NOT NULL CHECK (partition >= 0),
  record_offset bigint NOT NULL CHECK (record_offset >= 0),
  PRIMARY KEY (replay_id, partition, record_offset)
);
INSERT INTO aborted_copy (replay_id, partition, record_offset)
SELECT id, aborted_partition, aborted_offset FROM replay WHERE aborted_copy = 'seen' AND aborted_partition IS NOT NULL;

-- Two facts, because a replay that is sent again notes a new end: what lies behind the noted one may still be searched,
-- what lay behind an earlier one may not be any more.
ALTER TABLE replay
  ADD copy_search_due boolean NOT NULL DEFAULT false,   -- behind pre_send_end
  ADD copy_unknown boolean NOT NULL DEFAULT false;      -- an earlier search did not come to its end
UPDATE replay SET copy_search_due = (state = 'queued'), copy_unknown = (state <> 'queued') WHERE aborted_copy = 'unknown';
ALTER TABLE replay
  DROP CONSTRAINT seen_copy_has_a_place,
  DROP aborted_copy, DROP aborted_partition, DROP aborted_offset;
