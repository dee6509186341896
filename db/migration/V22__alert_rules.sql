-- What is watched, what fires and has fired, and what is kept quiet. Docs: docs/alerts.md.

CREATE TABLE alert_rule (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  version integer NOT NULL DEFAULT 1,
  name text NOT NULL CONSTRAINT rule_has_a_name_of_its_own UNIQUE CHECK (char_length(name) BETWEEN 1 AND 100),
  enabled boolean NOT NULL DEFAULT true,
  built_in boolean NOT NULL DEFAULT false,   -- may be changed and switched off, never deleted
  condition text NOT NULL CHECK (condition ~ '^[a-z][a-z-]{0,31}$'),
  query text CHECK (char_length(query) BETWEEN 1 AND 4096),   -- a filter; null: everything
  threshold double precision CHECK (threshold >= 0),          -- null: the default of the condition
  window_seconds bigint CHECK (window_seconds > 0),           -- null: the default of the condition
  for_seconds bigint NOT NULL DEFAULT 0 CHECK (for_seconds >= 0),
  severity text NOT NULL CHECK (severity IN ('critical', 'error', 'warning', 'info')),
  endpoint_ids integer[] NOT NULL DEFAULT '{}' CHECK (cardinality(endpoint_ids) <= 50),   -- none: every active one
  repeat_seconds bigint NOT NULL DEFAULT 14400 CHECK (repeat_seconds >= 0),
  group_wait_seconds bigint NOT NULL DEFAULT 30 CHECK (group_wait_seconds >= 0),
  group_interval_seconds bigint NOT NULL DEFAULT 300 CHECK (group_interval_seconds >= 0),
  runbook_url text CHECK (char_length(runbook_url) BETWEEN 1 AND 2000),
  show_payload boolean NOT NULL DEFAULT false,
  effective_at timestamptz NOT NULL DEFAULT now(),   -- what happened before is not told by it
  told_at timestamptz,                       -- when its last message was written
  messages bigint NOT NULL DEFAULT 0,        -- written so far; makes the ids of repeated ones differ
  updated_by text,
  updated_at timestamptz NOT NULL DEFAULT now()
);

INSERT INTO alert_rule (name, built_in, enabled, condition, severity, threshold, window_seconds, for_seconds) VALUES
  ('New failure group', true, true, 'new-group', 'error', NULL, NULL, 0),
  ('Resolved failure group is back', true, true, 'regressed', 'error', NULL, NULL, 0),
  ('Failure group escalates', true, true, 'escalating', 'warning', 3, 7200, 0),
  ('Letters wait for a day', true, true, 'oldest-open', 'warning', NULL, 86400, 0),
  ('Consumer group falls behind', true, true, 'consumer-lag', 'warning', NULL, NULL, 0),
  ('Consumer group is stuck', true, true, 'stuck-consumer', 'error', NULL, NULL, 0),
  ('Redrive falls behind', true, true, 'ingest-lag', 'error', 1000, NULL, 60),
  ('Letters expire before they are read', true, true, 'expiry', 'critical', 50, NULL, 0),
  ('Letters were lost', true, true, 'gap', 'critical', NULL, NULL, 0),
  ('Job has stopped', true, true, 'job-stopped', 'error', NULL, NULL, 0),
  ('Outcome of a replay is uncertain', true, true, 'replay-uncertain', 'error', NULL, NULL, 0),
  ('Topic is not ready', true, false, 'topic-unready', 'warning', NULL, NULL, 0),
  ('Cluster does not answer', true, true, 'cluster-unreachable', 'critical', NULL, NULL, 60),
  ('Alerts do not arrive', true, true, 'delivery-dead', 'error', NULL, NULL, 0),
  ('Transaction hangs', true, true, 'hanging-transaction', 'error', NULL, NULL, 0);

-- An episode: from the moment something began to hold until it is over. A moment happened and is over by itself.
CREATE TABLE alert (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  rule_id bigint REFERENCES alert_rule ON DELETE SET NULL,
  rule_name text NOT NULL,
  condition text NOT NULL,
  severity text NOT NULL,
  runbook_url text,
  moment boolean NOT NULL,
  subject_kind text NOT NULL CHECK (subject_kind ~ '^[a-z]{1,20}$'),
  subject_id text NOT NULL CHECK (char_length(subject_id) BETWEEN 1 AND 400),
  title text NOT NULL CHECK (char_length(title) BETWEEN 1 AND 1000),
  topic text,
  cluster text,                              -- its name in the settings
  facts text NOT NULL CHECK (octet_length(facts) <= 16384),   -- JSON of the subject: what silences and queries match
  data text NOT NULL CHECK (octet_length(data) <= 16384),     -- JSON: what the condition adds to a message
  path text NOT NULL,                        -- of the screen it links to
  failure_group_id bigint REFERENCES failure_group ON DELETE SET NULL,
  count bigint NOT NULL DEFAULT 1,
  state text NOT NULL CHECK (state IN ('pending', 'firing', 'resolved')),
  since timestamptz NOT NULL,                -- when it began to hold
  fired_at timestamptz,
  calm_since timestamptz,                    -- it holds no more; over when it has been so for a while
  resolved_at timestamptz,
  told text CHECK (told IN ('firing', 'resolved')),   -- what the outbox last got of it
  told_as text,                              -- the outbox's episode of that
  told_at timestamptz,
  suppressed_by text CHECK (suppressed_by IN ('silence', 'inhibition', 'acknowledgement')),
  suppressed_id bigint,                      -- of the silence or of the alert that inhibits
  suppressed_what text,
  acknowledged_by text,
  acknowledged_at timestamptz,
  note text CHECK (char_length(note) BETWEEN 1 AND 2000),
  CONSTRAINT firing_has_its_time CHECK ((state = 'pending') = (fired_at IS NULL)),
  CONSTRAINT resolved_has_its_time CHECK ((state = 'resolved') = (resolved_at IS NOT NULL))
) WITH (fillfactor = 70);
-- Holds "one open episode a rule and subject, and one for ever of what happened once".
CREATE UNIQUE INDEX alert_is_open_once ON alert (rule_id, subject_kind, subject_id) WHERE moment OR state <> 'resolved';
-- Serves what is open and what has to be told of.
CREATE INDEX alert_in_hand ON alert (rule_id, id) WHERE state <> 'resolved' OR told = 'firing';
-- Serves the lists, and the deletion of a rule.
CREATE INDEX alert_by_rule ON alert (rule_id, id DESC);
CREATE INDEX alert_by_state ON alert (state, id DESC);
-- Serves the deletion of a failure group.
CREATE INDEX alert_by_group ON alert (failure_group_id) WHERE failure_group_id IS NOT NULL;
-- Serves the removal of what is long over.
CREATE INDEX alert_by_end ON alert (resolved_at) WHERE resolved_at IS NOT NULL;

CREATE TABLE alert_silence (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  query text NOT NULL CHECK (char_length(query) BETWEEN 1 AND 4096),
  starts_at timestamptz NOT NULL,
  ends_at timestamptz NOT NULL,
  author text NOT NULL,
  reason text NOT NULL CHECK (char_length(reason) BETWEEN 1 AND 2000),
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT silence_ends CHECK (ends_at >= starts_at AND ends_at <= starts_at + interval '30 days')
);
-- Serves the silences of now.
CREATE INDEX alert_silence_by_end ON alert_silence (ends_at);

-- Which letters arrived since when: the ids that were given out by then, noted now and then. Letters carry no index by
-- their arrival, and need none with this.
CREATE TABLE letter_mark (
  at timestamptz PRIMARY KEY,
  letter_id bigint NOT NULL
);
INSERT INTO letter_mark SELECT now(), coalesce(max(id), 0) FROM dead_letter;

-- What the outbox holds of alerts, also where a silence kept it back.
ALTER TABLE alert_delivery
  ADD COLUMN alert_id bigint REFERENCES alert ON DELETE SET NULL,
  ADD COLUMN suppressed_by text CHECK (char_length(suppressed_by) <= 500);
ALTER TABLE alert_delivery DROP CONSTRAINT alert_delivery_state_check;
ALTER TABLE alert_delivery ADD CONSTRAINT alert_delivery_state_check
  CHECK (state IN ('pending', 'delivered', 'dead', 'suppressed'));
-- Serves the deliveries of an alert, and the deletion of alerts.
CREATE INDEX alert_delivery_by_alert ON alert_delivery (alert_id, id DESC) WHERE alert_id IS NOT NULL;

-- Serves "which failure groups came back".
CREATE INDEX failure_group_state_regressed ON failure_group_state (regressed_at) WHERE regressed_at IS NOT NULL;
-- Serves "which jobs ended or stopped".
CREATE INDEX job_by_end ON job (finished_at) WHERE finished_at IS NOT NULL;
CREATE INDEX job_paused ON job (seq) WHERE state = 'paused';
-- Serves "which replays are uncertain".
CREATE INDEX replay_uncertain ON replay (cluster_id) WHERE state = 'uncertain';

-- The alerts on lag are rules now; what is open fires anew by them.
DROP TABLE consumer_lag_episode;
