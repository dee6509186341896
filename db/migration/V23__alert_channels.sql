-- Endpoints as data: whoever may change settings adds the channels that are told. What opens a channel is sealed
-- (AES-256-GCM under REDRIVE_SECRETS_KEY, bound to the endpoint's seal), so a copy of the database opens none.

ALTER TABLE alert_endpoint
  DROP CONSTRAINT endpoint_has_its_own_name,
  ADD version integer NOT NULL DEFAULT 1,          -- grows with each change by a person or by the settings
  ADD kind text NOT NULL DEFAULT 'webhook'
    CHECK (kind IN ('webhook', 'slack', 'teams', 'pagerduty', 'alertmanager', 'mail', 'heartbeat')),
  ADD from_settings boolean NOT NULL DEFAULT true, -- the address and the secret are in the settings and nowhere else
  ADD seal uuid NOT NULL DEFAULT gen_random_uuid(),-- what is sealed opens for this row alone
  ADD sealed_address bytea,
  ADD sealed_secret bytea,
  ADD sealed_old_secret bytea,                     -- signs beside the new one until old_secret_until
  ADD old_secret_until timestamptz,
  ADD address_hint text,                           -- what may be shown of the address
  ADD allows_payload boolean NOT NULL DEFAULT false,
  ADD enabled boolean NOT NULL DEFAULT true,       -- false: a person switched it off, and nothing is written for it
  ADD owner_endpoint_id integer REFERENCES alert_endpoint,  -- told when this one dies
  ADD last_delivered_at timestamptz,
  ADD last_error text,
  ADD told_dead_at timestamptz,                    -- when another endpoint was told last that this one does not answer
  ADD pinged_at timestamptz NOT NULL DEFAULT '-infinity',   -- heartbeat: the last attempt, whoever made it
  ADD removed_at timestamptz,
  ADD CONSTRAINT endpoint_can_be_opened CHECK (from_settings OR removed_at IS NOT NULL OR sealed_address IS NOT NULL),
  ADD CONSTRAINT rotation_has_an_end CHECK ((sealed_old_secret IS NULL) = (old_secret_until IS NULL)),
  ADD CONSTRAINT removed_endpoint_keeps_no_secret CHECK (removed_at IS NULL
    OR state = 'absent' AND sealed_address IS NULL AND sealed_secret IS NULL AND sealed_old_secret IS NULL);
-- A name may be given again once its endpoint was removed. Serves the settings' own.
CREATE UNIQUE INDEX endpoint_has_its_own_name ON alert_endpoint (name) WHERE removed_at IS NULL;

ALTER TABLE alert_delivery
  ADD latency_ms integer;                          -- of the last attempt, from the connection to the answer
-- Serves the delivery list of an endpoint.
CREATE INDEX alert_delivery_by_endpoint ON alert_delivery (endpoint_id, id DESC);
-- Serves the count of an endpoint's dead deliveries.
CREATE INDEX alert_delivery_dead ON alert_delivery (endpoint_id) WHERE state = 'dead';

-- The last attempts at each delivery, 20 at most.
CREATE TABLE alert_try (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  delivery_id bigint NOT NULL REFERENCES alert_delivery ON DELETE CASCADE,
  at timestamptz NOT NULL DEFAULT now(),
  status integer,
  error text,
  latency_ms integer
);
-- Serves the attempts of a delivery, newest first.
CREATE INDEX alert_try_of_delivery ON alert_try (delivery_id, id DESC);

-- Which loops of which process do not get on, for the one heartbeat that speaks for all processes.
CREATE TABLE process_progress (
  process uuid PRIMARY KEY,
  seen_at timestamptz NOT NULL,
  stuck text[] NOT NULL
);
