-- Several letters at once: what was meant, what is done with it, and what became of each letter. What happens at a
-- crash: docs/jobs.md.

-- What people note about a letter; like a status, each change of it is another version.
ALTER TABLE letter_state
  ADD COLUMN assignee text CONSTRAINT assignee_is_short CHECK (char_length(assignee) BETWEEN 1 AND 200),
  ADD COLUMN tags text[] NOT NULL DEFAULT '{}' CONSTRAINT tags_are_few CHECK (cardinality(tags) <= 20),
  ADD COLUMN notes integer NOT NULL DEFAULT 0;
-- Serves assignee:, is:mine and is:assigned.
CREATE INDEX letter_state_by_assignee ON letter_state (assignee, letter_id DESC) WHERE assignee IS NOT NULL;
-- Serves tag: and has:tag. Most letters have none, so they stay out of it.
CREATE INDEX letter_state_by_tag ON letter_state USING gin (tags) WHERE tags <> '{}';
-- Serves has:note.
CREATE INDEX letter_state_noted ON letter_state (letter_id DESC) WHERE notes > 0;

CREATE TABLE letter_note (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  letter_id bigint NOT NULL REFERENCES dead_letter ON DELETE CASCADE,
  author text NOT NULL,
  text text NOT NULL CHECK (char_length(text) BETWEEN 1 AND 10000),
  job_id uuid,                               -- the job that wrote it to many letters
  created_at timestamptz NOT NULL DEFAULT now()
);
-- Serves the notes of a letter.
CREATE INDEX letter_note_by_letter ON letter_note (letter_id, id);

-- Whoever stores letters holds this lock together with others until the commit; whoever freezes a selection holds it
-- alone for a moment. So every letter up to the watermark is there to be seen, and none comes up below it later.
CREATE FUNCTION hold_letters_back() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock_shared(4711, 1);
  RETURN NULL;
END $$;
CREATE TRIGGER hold_letters_back BEFORE INSERT ON dead_letter FOR EACH STATEMENT EXECUTE FUNCTION hold_letters_back();

-- A frozen set of letters. It shrinks, because a letter that changed after frozen_at is no longer in it; it never grows.
CREATE TABLE selection (
  id uuid PRIMARY KEY,
  q text NOT NULL,                           -- as asked for
  frozen_q text NOT NULL,                    -- FilterText, ages resolved
  ids bigint[] CHECK (cardinality(ids) <= 1000),   -- where single letters were meant; else null
  caller text NOT NULL,
  watermark bigint NOT NULL,                 -- highest letter that can be in it
  frozen_at timestamptz NOT NULL,
  letters bigint NOT NULL,
  exact boolean NOT NULL,                    -- false: at least so many
  expires_at timestamptz NOT NULL
);
-- Serves the removal of selections that ran out.
CREATE INDEX selection_by_expiry ON selection (expires_at);

CREATE TABLE job (
  id uuid PRIMARY KEY,
  seq bigint GENERATED ALWAYS AS IDENTITY,
  type text NOT NULL CHECK (type ~ '^[a-z][a-z-]{0,31}$'),
  state text NOT NULL CHECK (state IN ('scheduled', 'running', 'paused', 'succeeded', 'succeeded-with-failures', 'cancelled', 'failed')),
  state_reason text,
  q text NOT NULL,                           -- the selection outlives neither its time nor this copy
  frozen_q text NOT NULL,
  ids bigint[],
  watermark bigint NOT NULL,
  frozen_at timestamptz NOT NULL,
  undoes uuid REFERENCES job,                -- then its letters are those that this job changed
  options jsonb NOT NULL DEFAULT '{}',
  reason text NOT NULL CHECK (char_length(reason) BETWEEN 1 AND 2000),
  requested_by text NOT NULL,
  request_id text,
  total bigint NOT NULL,
  total_exact boolean NOT NULL,
  done bigint NOT NULL DEFAULT 0,
  skipped bigint NOT NULL DEFAULT 0,
  failed bigint NOT NULL DEFAULT 0,
  next_below bigint NOT NULL,                -- letters from here down are still to do
  version integer NOT NULL DEFAULT 1,
  failures integer NOT NULL DEFAULT 0,       -- batches that failed one after the other
  not_before timestamptz NOT NULL,
  served_at timestamptz NOT NULL DEFAULT now(),
  created_at timestamptz NOT NULL DEFAULT now(),
  started_at timestamptz,
  finished_at timestamptz
) WITH (fillfactor = 50);
-- Serves the choice of the next batch: the job that waited longest.
CREATE INDEX job_to_do ON job (served_at) WHERE state IN ('scheduled', 'running');
-- Serves the list of jobs.
CREATE INDEX job_by_seq ON job (seq DESC);
-- Holds "undone once".
CREATE UNIQUE INDEX job_is_undone_once ON job (undoes) WHERE undoes IS NOT NULL;

-- What became of a letter in a job. Written in the transaction that did it.
CREATE TABLE job_item (
  job_id uuid NOT NULL REFERENCES job ON DELETE CASCADE,
  letter_id bigint NOT NULL,
  result text NOT NULL CHECK (result IN ('done', 'skipped', 'failed')),
  detail text,                               -- why, unless it was done
  before jsonb,                              -- what an undo puts back
  version integer,                           -- of the letter afterwards: another one means that somebody changed it since
  at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (job_id, letter_id)
);
-- Serves the history of a letter, and job:.
CREATE INDEX job_item_by_letter ON job_item (letter_id);
