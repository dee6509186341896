-- What a selection saw is a snapshot: a letter is in it while its row is the one that was visible when it was frozen.
-- So letters that were being stored then stay out, whatever their id, and nobody who stores letters waits for a lock.
DROP TRIGGER hold_letters_back ON dead_letter;
DROP FUNCTION hold_letters_back();

ALTER TABLE selection ADD COLUMN frozen_snapshot pg_snapshot NOT NULL DEFAULT pg_current_snapshot();
ALTER TABLE job
  ADD COLUMN frozen_snapshot pg_snapshot NOT NULL DEFAULT pg_current_snapshot(),
  ADD COLUMN caller text;                    -- whom is:mine means in its filter
UPDATE job SET caller = requested_by;
ALTER TABLE job ALTER caller SET NOT NULL;

-- Serves the items of one result.
CREATE INDEX job_item_by_result ON job_item (job_id, result, letter_id DESC);

-- Whether a row with this xmin was visible in the snapshot. An xid has 32 bits and a snapshot 64: the nearest one to
-- now is meant; what seems to lie far ahead is a row from before the last wraparound.
CREATE FUNCTION was_visible(row_xid xid, snapshot pg_snapshot) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT ahead > 1000000000 OR pg_visible_in_snapshot(greatest(3, latest + ahead)::text::xid8, snapshot)
  FROM (
    SELECT latest, (row_xid::text::bigint - latest % 4294967296 + 6442450944) % 4294967296 - 2147483648 AS ahead
    FROM (SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint AS latest) AS clock) AS distance
$$;
