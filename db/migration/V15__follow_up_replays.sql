-- What follows a job that replays: its letters tried again, its consumers waited for. Docs: docs/jobs.md.

ALTER TABLE job
  ADD COLUMN retry_of uuid REFERENCES job,   -- then its letters are those of that job with these results
  ADD COLUMN retry_results text[],
  ADD CONSTRAINT retry_says_which_letters CHECK ((retry_of IS NULL) = (retry_results IS NULL));
-- Serves the way from a job to its retries.
CREATE INDEX job_by_retry_of ON job (retry_of) WHERE retry_of IS NOT NULL;
-- Serves the letters of a retry: what a job's replays came back as.
CREATE INDEX replay_came_back_as ON replay (job_id, returned_as DESC) WHERE returned_as IS NOT NULL;

-- Serves outcome: of what needs a person. Letters whose replays went well are too many to be found by it.
CREATE INDEX replay_went_wrong ON replay (replay_result(state, outcome))
  WHERE replay_result(state, outcome) IN ('failed', 'returned', 'uncertain');

-- Where the letters of a job go, and who failed on them there: whose lag is watched.
CREATE TABLE replay_job_target (
  job_id uuid NOT NULL REFERENCES job ON DELETE CASCADE,
  cluster_id smallint NOT NULL REFERENCES cluster,
  topic text NOT NULL,
  consumer_group text NOT NULL,              -- empty: the letters do not say
  PRIMARY KEY (job_id, cluster_id, topic, consumer_group)
);

-- What a job waits for that would overrun its consumers; all null or none.
ALTER TABLE replay_job
  ADD COLUMN lag_group text,
  ADD COLUMN lag_topic text,
  ADD COLUMN lag bigint,
  ADD COLUMN lag_least bigint,               -- since it began to wait
  ADD COLUMN lag_fell_at timestamptz;        -- when it last was less than ever
