-- What a job of a hundred thousand letters costs must not grow with those that wait. Docs: docs/jobs.md, "What a letter
-- costs"; proof: GivenRowsTest.

-- Holds "one live replay for each letter", and nothing else. To the planner, which counts what was there minutes ago, it was
-- the shorter way to what is due of a lane or a job: each claim and each letting go then read all letters that were held. A
-- condition with IS TRUE is implied by that of no statement.
DROP INDEX replay_is_live_once;
CREATE UNIQUE INDEX replay_is_live_once ON replay (letter_id)
  WHERE (state IN ('held', 'queued', 'sending', 'uncertain')) IS TRUE;

-- A replay is written five times on its way, so a page is filled by half: the change that needs no new index entry, where it
-- will go, then finds room beside the row.
ALTER TABLE replay SET (fillfactor = 50);

-- As before, but by one walk over what changed: it was joined to itself, which took the square of the failure groups.
CREATE OR REPLACE FUNCTION count_letters() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO failure_group_counter AS c
    (failure_group_id, letters, open, replaying, replayed, recovered, returned, discarded, purged)
  SELECT g, sum(n),
    coalesce(sum(n) FILTER (WHERE status = 'open'), 0),
    coalesce(sum(n) FILTER (WHERE status = 'replaying'), 0),
    coalesce(sum(n) FILTER (WHERE status = 'replayed'), 0),
    coalesce(sum(n) FILTER (WHERE status = 'recovered'), 0),
    coalesce(sum(n) FILTER (WHERE status = 'returned'), 0),
    coalesce(sum(n) FILTER (WHERE status = 'discarded'), 0),
    coalesce(sum(n) FILTER (WHERE status = 'purged'), 0)
  FROM (
    SELECT failure_group_id AS g, status, sum(n) AS n FROM (
      SELECT failure_group_id, status, 1 AS n FROM after_change
      UNION ALL SELECT failure_group_id, status, -1 FROM before_change) AS moves
    GROUP BY 1, 2 HAVING sum(n) <> 0) AS delta
  GROUP BY g ORDER BY g
  ON CONFLICT (failure_group_id) DO UPDATE SET
    letters = c.letters + excluded.letters, open = c.open + excluded.open,
    replaying = c.replaying + excluded.replaying, replayed = c.replayed + excluded.replayed,
    recovered = c.recovered + excluded.recovered, returned = c.returned + excluded.returned,
    discarded = c.discarded + excluded.discarded, purged = c.purged + excluded.purged;
  RETURN NULL;
END $$;
