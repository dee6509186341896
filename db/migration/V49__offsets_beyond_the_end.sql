-- A consumer group may stand beyond the end of a log, and is told from one that has read everything. Docs: docs/consumers.md.
ALTER TABLE consumer_lag DROP CONSTRAINT status_is_known;
ALTER TABLE consumer_lag ADD CONSTRAINT status_is_known
  CHECK (status IN ('ok', 'warn', 'rewind', 'beyond', 'stall', 'stop'));
