-- What operators decided about a topic, whatever its incarnation; no row: nothing was decided.
CREATE TABLE topic_setting (
  cluster_id smallint NOT NULL REFERENCES cluster,
  name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 249),
  version integer NOT NULL DEFAULT 1,
  paused_at timestamptz,                     -- not read from then on
  paused_by text,
  pause_reason text CHECK (char_length(pause_reason) <= 2000),
  PRIMARY KEY (cluster_id, name),
  CONSTRAINT pause_says_by_whom CHECK ((paused_at IS NULL) = (paused_by IS NULL))
);
