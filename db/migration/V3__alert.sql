-- Whom we tell, and what we told them: at least once, in order within an episode, with an id that never changes.

-- The address and its secret stay in the settings: an address can be a credential.
CREATE TABLE alert_endpoint (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL CONSTRAINT endpoint_has_its_own_name UNIQUE
    CHECK (char_length(name) BETWEEN 1 AND 100),
  address_hash bytea NOT NULL CHECK (octet_length(address_hash) = 32),   -- SHA-256; another one enables the endpoint again
  salt uuid NOT NULL DEFAULT gen_random_uuid(),    -- makes our ids differ from those of another Redrive
  state text NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'disabled', 'absent')),  -- absent: not in the settings
  disabled_reason text,
  not_before timestamptz NOT NULL DEFAULT now(),   -- the endpoint asked to be left alone until then
  lease_until timestamptz NOT NULL DEFAULT now(),  -- one process at a time sends to it
  fence bigint NOT NULL DEFAULT 0,                 -- grows with each lease; an outcome with an older one is ignored
  CONSTRAINT disabled_endpoint_says_why CHECK ((state = 'disabled') = (disabled_reason IS NOT NULL))
);

CREATE TABLE alert_delivery (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  webhook_id text NOT NULL CONSTRAINT event_goes_to_an_endpoint_once UNIQUE,
  endpoint_id integer NOT NULL REFERENCES alert_endpoint,
  episode text NOT NULL CHECK (char_length(episode) BETWEEN 1 AND 400),   -- what must arrive in order
  event text NOT NULL CHECK (event LIKE 'redrive.%'),
  failure_group_id bigint REFERENCES failure_group ON DELETE SET NULL,
  data text NOT NULL CHECK (octet_length(data) <= 16384),   -- JSON; text, because jsonb refuses an escaped NUL
  state text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'delivered', 'dead')),
  attempts integer NOT NULL DEFAULT 0,
  next_attempt_at timestamptz NOT NULL DEFAULT now(),
  last_status integer,
  last_error text,
  created_at timestamptz NOT NULL DEFAULT now(),
  delivered_at timestamptz,
  CONSTRAINT delivered_has_its_time CHECK ((state = 'delivered') = (delivered_at IS NOT NULL))
);
-- Serves the claim of what is due.
CREATE INDEX alert_delivery_due ON alert_delivery (endpoint_id, next_attempt_at, id) WHERE state = 'pending';
-- Serves the claim's question whether an earlier event of the episode is still on its way.
CREATE INDEX alert_delivery_in_order ON alert_delivery (endpoint_id, episode, id) WHERE state = 'pending';
-- Serves the delivery list by state.
CREATE INDEX alert_delivery_by_state ON alert_delivery (state, id DESC);
-- Serves the deletion of a failure group, which must look for rows that refer to it.
CREATE INDEX alert_delivery_by_group ON alert_delivery (failure_group_id) WHERE failure_group_id IS NOT NULL;
