-- Failure groups that somebody left out of a job that was held because of them. Docs: docs/jobs.md.

CREATE TABLE replay_job_exclusion (
  job_id uuid NOT NULL REFERENCES job ON DELETE CASCADE,
  failure_group_id bigint NOT NULL REFERENCES failure_group ON DELETE CASCADE,
  excluded_by text NOT NULL,
  excluded_at timestamptz NOT NULL DEFAULT now(),
  next_above bigint NOT NULL DEFAULT 0,      -- letters of the job above it are still to be looked at
  letters bigint NOT NULL DEFAULT 0,         -- left out so far
  complete boolean NOT NULL DEFAULT false,
  PRIMARY KEY (job_id, failure_group_id)
);

-- Serves the failure groups that a job has trouble with.
CREATE INDEX replay_went_wrong_in_job ON replay (job_id)
  WHERE job_id IS NOT NULL AND replay_result(state, outcome) IN ('failed', 'returned', 'uncertain');
