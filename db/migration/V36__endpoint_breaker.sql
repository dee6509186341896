-- A breaker for each endpoint: one that took nothing several times in a row gets one trial at a time, whichever process
-- makes it, and everything else waits in its order. Docs: docs/channels.md.
ALTER TABLE alert_endpoint
  ADD COLUMN failures integer NOT NULL DEFAULT 0 CONSTRAINT failures_are_counted CHECK (failures >= 0),   -- in a row
  ADD COLUMN failing_since timestamptz,   -- the first of them
  ADD COLUMN trial_at timestamptz,        -- open: until then only what a person asks for is sent; null while closed
  ADD CONSTRAINT failing_endpoint_says_since_when CHECK ((failures = 0) = (failing_since IS NULL)),
  ADD CONSTRAINT only_failures_open_a_breaker CHECK (trial_at IS NULL OR failures > 0);
