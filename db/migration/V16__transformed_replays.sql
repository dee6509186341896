-- A replay may send what the program of a job made of a letter. That is kept as a draft that is not current: the letter
-- stays as it came, a person's draft stays theirs, and the hash approves these bytes alone. Docs: docs/transform.md.

ALTER TABLE replay DROP CONSTRAINT replay_source_check;
ALTER TABLE replay ADD CONSTRAINT replay_source_check
  CHECK (source IN ('original', 'draft', 'origin-record', 'transform'));
