-- Why an episode is over although nothing got well: the topic is not read any more, or there is none of that name.
ALTER TABLE topic_episode
  ADD COLUMN ended_because text CONSTRAINT end_is_known CHECK (ended_because IN ('not-read', 'gone')),
  ADD CONSTRAINT only_what_is_over_has_ended CHECK (ended_because IS NULL OR resolved_at IS NOT NULL);

-- The same for people, in a sentence; null where the condition simply holds no more.
ALTER TABLE alert ADD COLUMN over_because text CHECK (char_length(over_because) BETWEEN 1 AND 500);
