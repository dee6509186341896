-- How long letters keep their bytes, who purges them, and a layout in which a purge leaves nothing behind for long.
-- What is where at a crash: docs/retention.md. Measured by RetentionBenchmark.

-- The first rule that fits the topic, the failure group and the status of a letter decides; where none fits, it is kept.
CREATE TABLE retention_rule (
  position integer PRIMARY KEY CHECK (position >= 1),
  topics text[] NOT NULL DEFAULT '{}' CHECK (cardinality(topics) <= 20),   -- names, * for anything; none: every topic
  statuses text[] NOT NULL CHECK (
    cardinality(statuses) >= 1 AND statuses <@ '{open,replayed,recovered,returned,discarded}'::text[]),
  failure_group_id bigint REFERENCES failure_group,
  keep_seconds bigint NOT NULL CONSTRAINT letters_are_kept_an_hour CHECK (keep_seconds BETWEEN 3600 AND 3153600000),
  purges_open boolean NOT NULL DEFAULT false,   -- said apart, so that nobody names the status by mistake
  CONSTRAINT open_letters_are_purged_on_purpose CHECK (('open' = ANY (statuses)) = purges_open)
);
INSERT INTO retention_rule (position, statuses, keep_seconds) VALUES
  (1, '{recovered}', 30 * 86400), (2, '{discarded}', 30 * 86400), (3, '{replayed,returned}', 90 * 86400);

-- All rules are changed together; what is purged cannot be had back, so a change waits an hour before it counts.
CREATE TABLE retention_setting (
  single boolean PRIMARY KEY DEFAULT true CONSTRAINT there_is_one_retention CHECK (single),
  version integer NOT NULL DEFAULT 1,
  updated_at timestamptz NOT NULL DEFAULT now(),
  updated_by text                            -- null: as it came with Redrive
);
INSERT INTO retention_setting DEFAULT VALUES;

-- A walk over all letters. Its row moves in the transaction of each batch, so it tells the truth at a crash; a run
-- that somebody ended refuses the batches of an owner who was only paused.
CREATE TABLE retention_run (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  rules jsonb NOT NULL,                      -- as they were when it began
  purged bigint[] NOT NULL,                  -- letters, by rule
  traces bigint NOT NULL DEFAULT 0,          -- stack traces that no letter had any more
  complete boolean NOT NULL DEFAULT false,   -- whether it came to its end
  started_at timestamptz NOT NULL DEFAULT now(),
  finished_at timestamptz
) WITH (fillfactor = 50);
-- Holds "one at a time", and serves the look for one that was left unfinished.
CREATE UNIQUE INDEX retention_run_is_alone ON retention_run ((true)) WHERE finished_at IS NULL;
-- Serves the latest run, whether one is due, and the removal of old ones.
CREATE INDEX retention_run_by_start ON retention_run (started_at);

-- Which run took the bytes; null where a person's job did. The history of a letter tells it.
ALTER TABLE letter_state ADD COLUMN retention_run_id bigint;

-- Serves the look whether any letter still has a stack trace. Few distinct values, so it is small.
CREATE INDEX dead_letter_by_trace ON dead_letter (trace_hash) WHERE trace_hash IS NOT NULL;
-- Serves the deletion of drafts, which must look for replays that refer to them.
CREATE INDEX replay_by_draft ON replay (draft_id) WHERE draft_id IS NOT NULL;

-- A purge rewrites the row of a letter once, slim, and leaves the wide one dead. By default vacuum comes when a fifth of
-- a table is dead: a million wide rows of five million. Here it comes at a fiftieth, fast enough to keep up with a
-- purge, so the next letters go where the purged ones were. It never gives pages back to the file system, because for
-- that it locks the table against everybody.
ALTER TABLE dead_letter SET (
  autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_cost_limit = 2000,
  vacuum_truncate = off,
  toast.autovacuum_vacuum_scale_factor = 0.02, toast.autovacuum_vacuum_threshold = 5000,
  toast.autovacuum_vacuum_cost_limit = 2000, toast.vacuum_truncate = off);
-- Pieces of 256 KiB: nearly all of it is in the TOAST table, at 2 kB a row.
ALTER TABLE letter_chunk SET (
  autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_limit = 2000, vacuum_truncate = off,
  toast.autovacuum_vacuum_scale_factor = 0.02, toast.autovacuum_vacuum_cost_limit = 2000, toast.vacuum_truncate = off);
-- A change of a status cannot be a HOT update, since lists need it in their indexes.
ALTER TABLE letter_state SET (
  autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_cost_limit = 2000,
  vacuum_truncate = off);
-- Few rows, which every batch of ingest and of a purge moves: small enough to vacuum often.
ALTER TABLE failure_group_counter SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);
ALTER TABLE letter_tally SET (autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_threshold = 2000);
