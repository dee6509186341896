-- How fast a job that replays goes just now. An average since it began to send says little after a pause, or after its
-- rate was changed.
ALTER TABLE replay_job
  ADD COLUMN paced_at timestamptz NOT NULL DEFAULT now(),   -- when the letters were last counted for it
  ADD COLUMN paced bigint NOT NULL DEFAULT 0,               -- letters that were settled then
  ADD COLUMN pace double precision;                         -- letters a second between the last two counts; null before
