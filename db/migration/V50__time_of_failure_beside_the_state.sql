-- A list of a span of time that does not begin and end with an hour read the wide row of every letter of its last hour,
-- and those that came last do not fit. The time stands beside the hour now, in the same index.
--
-- Letters that are there already are left as they are: to write their rows again would take them out of every selection
-- and every job that is under way. Who reads a null here looks into the wide row, as before.
ALTER TABLE letter_state ADD COLUMN failed_at timestamptz;      -- as in dead_letter

DROP INDEX letter_state_by_hour;
-- Serves lists by time of the failure, and by that and the status: the hours of the range, each read from its end.
CREATE INDEX letter_state_by_hour ON letter_state (failed_hour, letter_id DESC) INCLUDE (failed_at, status);

CREATE OR REPLACE FUNCTION give_kind() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  letter dead_letter;
BEGIN
  SELECT * INTO STRICT letter FROM dead_letter WHERE id = NEW.letter_id;
  NEW.failed_at := letter.failed_at;
  NEW.failed_hour := floor(extract(epoch FROM letter.failed_at) / 3600)::integer;
  SELECT k.id INTO NEW.kind_ref FROM letter_kind k
  WHERE k.topic_ref = letter.topic_ref AND k.convention = letter.convention
    AND k.origin_topic IS NOT DISTINCT FROM letter.origin_topic
    AND k.origin_group IS NOT DISTINCT FROM letter.origin_group
    AND k.exception_class IS NOT DISTINCT FROM letter.exception_class
    AND k.cause_class IS NOT DISTINCT FROM letter.cause_class
  ORDER BY k.id LIMIT 1;
  IF NEW.kind_ref IS NULL THEN
    INSERT INTO letter_kind (topic_ref, origin_topic, origin_group, convention, exception_class, cause_class)
    VALUES (letter.topic_ref, letter.origin_topic, letter.origin_group, letter.convention, letter.exception_class,
      letter.cause_class)
    RETURNING id INTO NEW.kind_ref;
  END IF;
  RETURN NEW;
END $$;
DROP TRIGGER give_kind ON letter_state;
CREATE TRIGGER give_kind BEFORE INSERT ON letter_state FOR EACH ROW
  WHEN (NEW.kind_ref IS NULL OR NEW.failed_hour IS NULL OR NEW.failed_at IS NULL) EXECUTE FUNCTION give_kind();
