-- Who is signed in, who did what, and which requests were already served.

-- A request that was served, by its Idempotency-Key; see http.Idempotency.
CREATE TABLE idempotency_key (
  actor text NOT NULL,
  method text NOT NULL,
  path text NOT NULL,
  key text NOT NULL CHECK (char_length(key) BETWEEN 1 AND 255),
  body_hash bytea NOT NULL CHECK (octet_length(body_hash) = 32),
  reply text,                                -- the answer as JSON; null only inside the transaction of the request
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (actor, method, path, key)
);
-- Serves the removal of keys older than 7 days.
CREATE INDEX idempotency_key_by_age ON idempotency_key (created_at);

-- A browser that is signed in. Only the hash of the cookie is kept.
CREATE TABLE session (
  secret_hash bytea PRIMARY KEY CHECK (octet_length(secret_hash) = 32),
  actor text NOT NULL,
  credential_hash bytea NOT NULL,            -- of the token it was opened with: another token ends its sessions
  created_at timestamptz NOT NULL DEFAULT now(),
  used_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL
) WITH (fillfactor = 50);
-- Serves the removal of sessions that ran out.
CREATE INDEX session_by_expiry ON session (expires_at);

-- Every change a person or a program asked for, written in the transaction of the change. Append-only.
CREATE TABLE audit_event (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at timestamptz NOT NULL DEFAULT now(),
  actor text NOT NULL CHECK (char_length(actor) BETWEEN 1 AND 200),
  action text NOT NULL CHECK (action ~ '^[a-z][a-z0-9-]{0,63}$'),
  letter_id bigint,                          -- no foreign key: the row outlives the letter
  object text CHECK (char_length(object) <= 500),
  reason text CHECK (char_length(reason) <= 2000),
  details jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(details) = 'object'),
  request_id text CHECK (char_length(request_id) <= 128)
);
-- Serves the history of a letter and the audit of one letter.
CREATE INDEX audit_event_by_letter ON audit_event (letter_id, id) WHERE letter_id IS NOT NULL;
-- Serves the audit of one actor.
CREATE INDEX audit_event_by_actor ON audit_event (actor, id DESC);
-- Serves the audit of one action.
CREATE INDEX audit_event_by_action ON audit_event (action, id DESC);

CREATE FUNCTION refuse_change_of_audit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'audit_event is append-only: % refused', TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;
-- For each statement, so that also one that matches no row is refused.
CREATE TRIGGER audit_event_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_event
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_audit();
