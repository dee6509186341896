-- What people decided about failure groups; no row: nothing was decided. Docs: docs/grouping.md.

CREATE TABLE failure_group_state (
  failure_group_id bigint PRIMARY KEY REFERENCES failure_group ON DELETE CASCADE,
  version integer NOT NULL DEFAULT 1,
  triage text NOT NULL DEFAULT 'none' CHECK (triage IN ('none', 'snoozed', 'resolved', 'regressed')),
  snoozed_until timestamptz,                 -- awake from then on
  snoozed_letters bigint,                    -- awake after so many more; counted down by the insert of letters
  snoozed_rate integer CHECK (snoozed_rate > 0),   -- awake while so many or more arrive in an hour
  decided_by text,                           -- who snoozed or resolved it
  decided_at timestamptz,
  regressed_at timestamptz,                  -- when a letter came in after it was resolved
  assignee text CHECK (char_length(assignee) BETWEEN 1 AND 200),
  tags text[] NOT NULL DEFAULT '{}' CHECK (cardinality(tags) <= 20),
  label text CHECK (char_length(label) BETWEEN 1 AND 100),          -- written by somebody
  rule_label text CHECK (char_length(rule_label) BETWEEN 1 AND 100),   -- of the first label rule that fits
  ticket_url text CHECK (char_length(ticket_url) <= 2000),
  runbook_url text CHECK (char_length(runbook_url) <= 2000),
  notes integer NOT NULL DEFAULT 0,
  merged_into bigint REFERENCES failure_group,   -- its letters are there, those that come included
  CONSTRAINT snooze_ends CHECK (triage <> 'snoozed' OR num_nonnulls(snoozed_until, snoozed_letters, snoozed_rate) > 0),
  CONSTRAINT group_is_not_its_own CHECK (merged_into <> failure_group_id)
) WITH (fillfactor = 50);
-- Serves "what was merged into this group".
CREATE INDEX failure_group_state_merged ON failure_group_state (merged_into) WHERE merged_into IS NOT NULL;

CREATE TABLE failure_group_note (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  failure_group_id bigint NOT NULL REFERENCES failure_group ON DELETE CASCADE,
  author text NOT NULL,
  text text NOT NULL CHECK (char_length(text) BETWEEN 1 AND 10000),
  created_at timestamptz NOT NULL DEFAULT now()
);
-- Serves the notes of a failure group.
CREATE INDEX failure_group_note_by_group ON failure_group_note (failure_group_id, id);

-- The first rule that fits names a failure group, unless somebody wrote a label.
CREATE TABLE label_rule (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  version integer NOT NULL DEFAULT 1,
  position integer NOT NULL,
  q text NOT NULL,                           -- a filter over failure groups
  label text NOT NULL CHECK (char_length(label) BETWEEN 1 AND 100),
  author text NOT NULL,
  updated_at timestamptz NOT NULL DEFAULT now()
);
