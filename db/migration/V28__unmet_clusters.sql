-- A cluster of the settings that does not answer a process that has not met it yet: nobody knows its Kafka id, so it is
-- no row of cluster. Gone as soon as it answers.
CREATE TABLE cluster_unmet (
  name text PRIMARY KEY,
  failing_since timestamptz NOT NULL
);
