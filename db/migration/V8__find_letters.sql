-- Letters found fast: what their failures have in common is stored once, counted as letters come and change, and
-- indexed on the narrow table. Measured by TriageBenchmark, plans in docs/queries.md.

-- What thousands of letters share. A letter's kind never changes. Two rows may say the same; who reads sums them up.
CREATE TABLE letter_kind (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  key bytea CONSTRAINT letter_kind_is_known_once UNIQUE,   -- hash of the rest; null where LetterKindStore did not write it
  topic_ref integer NOT NULL REFERENCES dead_letter_topic,
  origin_topic text,
  origin_group text,
  convention text NOT NULL,
  exception_class text,
  cause_class text
);
-- Serves give_kind.
CREATE INDEX letter_kind_by_topic ON letter_kind (topic_ref);

ALTER TABLE letter_state
  ADD COLUMN kind_ref integer,
  ADD COLUMN failed_hour integer;            -- hours since 1970 of dead_letter.failed_at

INSERT INTO letter_kind (topic_ref, origin_topic, origin_group, convention, exception_class, cause_class)
SELECT DISTINCT topic_ref, origin_topic, origin_group, convention, exception_class, cause_class FROM dead_letter;

UPDATE letter_state s SET kind_ref = k.id, failed_hour = floor(extract(epoch FROM d.failed_at) / 3600)::integer
FROM dead_letter d JOIN letter_kind k ON k.topic_ref = d.topic_ref AND k.convention = d.convention
  AND k.origin_topic IS NOT DISTINCT FROM d.origin_topic AND k.origin_group IS NOT DISTINCT FROM d.origin_group
  AND k.exception_class IS NOT DISTINCT FROM d.exception_class AND k.cause_class IS NOT DISTINCT FROM d.cause_class
WHERE d.id = s.letter_id;

ALTER TABLE letter_state ALTER kind_ref SET NOT NULL, ALTER failed_hour SET NOT NULL;

-- For whoever stores a letter and does not say its kind; ingest says it, because a row at a time is slow.
CREATE FUNCTION give_kind() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  letter dead_letter;
BEGIN
  SELECT * INTO STRICT letter FROM dead_letter WHERE id = NEW.letter_id;
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
CREATE TRIGGER give_kind BEFORE INSERT ON letter_state FOR EACH ROW
  WHEN (NEW.kind_ref IS NULL OR NEW.failed_hour IS NULL) EXECUTE FUNCTION give_kind();

-- How many letters there are of a kind, in a group, in a status: per hour of their failure, and over all hours.
-- The first serves the histogram, the second facets and counts; both whatever terms over these columns a filter has.
CREATE TABLE letter_tally (
  hour integer NOT NULL,                     -- letter_state.failed_hour; -1: over all hours
  kind_ref integer NOT NULL REFERENCES letter_kind,
  failure_group_id bigint NOT NULL,
  status text NOT NULL,
  letters bigint NOT NULL,
  PRIMARY KEY (hour, kind_ref, failure_group_id, status)
) WITH (fillfactor = 50);

-- Tallies follow the states whoever changes them, in key order against deadlocks. Fires after count_letters, by name,
-- so that everybody locks the counters of the groups first.
CREATE FUNCTION tally_letters() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO letter_tally AS t (hour, kind_ref, failure_group_id, status, letters)
    SELECT coalesce(failed_hour, -1), kind_ref, failure_group_id, status, count(*) FROM after_change
    GROUP BY GROUPING SETS (
      (failed_hour, kind_ref, failure_group_id, status), (kind_ref, failure_group_id, status))
    ORDER BY 1, 2, 3, 4
    ON CONFLICT (hour, kind_ref, failure_group_id, status) DO UPDATE SET letters = t.letters + excluded.letters;
  ELSIF TG_OP = 'DELETE' THEN
    INSERT INTO letter_tally AS t (hour, kind_ref, failure_group_id, status, letters)
    SELECT coalesce(failed_hour, -1), kind_ref, failure_group_id, status, -count(*) FROM before_change
    GROUP BY GROUPING SETS (
      (failed_hour, kind_ref, failure_group_id, status), (kind_ref, failure_group_id, status))
    ORDER BY 1, 2, 3, 4
    ON CONFLICT (hour, kind_ref, failure_group_id, status) DO UPDATE SET letters = t.letters + excluded.letters;
  ELSE
    INSERT INTO letter_tally AS t (hour, kind_ref, failure_group_id, status, letters)
    SELECT coalesce(failed_hour, -1), kind_ref, failure_group_id, status, sum(n) FROM (
      SELECT failed_hour, kind_ref, failure_group_id, status, 1 AS n FROM after_change
      UNION ALL SELECT failed_hour, kind_ref, failure_group_id, status, -1 FROM before_change) AS moves
    GROUP BY GROUPING SETS (
      (failed_hour, kind_ref, failure_group_id, status), (kind_ref, failure_group_id, status))
    HAVING sum(n) <> 0
    ORDER BY 1, 2, 3, 4
    ON CONFLICT (hour, kind_ref, failure_group_id, status) DO UPDATE SET letters = t.letters + excluded.letters;
  END IF;
  RETURN NULL;
END $$;

INSERT INTO letter_tally (hour, kind_ref, failure_group_id, status, letters)
SELECT coalesce(failed_hour, -1), kind_ref, failure_group_id, status, count(*) FROM letter_state
GROUP BY GROUPING SETS ((failed_hour, kind_ref, failure_group_id, status), (kind_ref, failure_group_id, status));

CREATE TRIGGER tally_stored_letters AFTER INSERT ON letter_state
  REFERENCING NEW TABLE AS after_change FOR EACH STATEMENT EXECUTE FUNCTION tally_letters();
CREATE TRIGGER tally_changed_letters AFTER UPDATE ON letter_state
  REFERENCING OLD TABLE AS before_change NEW TABLE AS after_change
  FOR EACH STATEMENT EXECUTE FUNCTION tally_letters();
CREATE TRIGGER tally_deleted_letters AFTER DELETE ON letter_state
  REFERENCING OLD TABLE AS before_change FOR EACH STATEMENT EXECUTE FUNCTION tally_letters();

-- Serves lists by topic, origin, consumer, class, cause and convention: the kinds that fit, each read from its end.
CREATE INDEX letter_state_by_kind ON letter_state (kind_ref, status, letter_id DESC);
-- Serves lists by time of the failure: the hours of the range, each read from its end.
CREATE INDEX letter_state_by_hour ON letter_state (failed_hour, letter_id DESC);
-- Serves is:loop.
CREATE INDEX letter_state_looping ON letter_state (letter_id DESC) WHERE returns > 0;

-- Serves key:x and key:x* of any length; newest first within one key.
CREATE INDEX dead_letter_by_key_start ON dead_letter (substring(key FROM 1 FOR 64), id DESC) WHERE key IS NOT NULL;
DROP INDEX dead_letter_by_key;

-- What stands at a place in a JSON value: a string without its quotes, a number as written, true or false. Null where
-- there is nothing, null, an object or an array, and where the value is no JSON that Postgres can read.
CREATE FUNCTION letter_payload(value bytea, path text[]) RETURNS text LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE STRICT AS $$
DECLARE
  found json;
BEGIN
  found := convert_from(value, 'UTF8')::json #> path;
  RETURN CASE WHEN json_typeof(found) IN ('object', 'array') THEN NULL ELSE found #>> '{}' END;
EXCEPTION WHEN OTHERS THEN
  RETURN NULL;
END $$;

-- Whether bytes are UTF-8 without NUL.
CREATE FUNCTION letter_is_text(value bytea) RETURNS boolean LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE STRICT AS $$
BEGIN
  PERFORM convert_from(value, 'UTF8');
  RETURN true;
EXCEPTION WHEN OTHERS THEN
  RETURN false;
END $$;

-- The values of a header in the form of HeaderCodec, in order; null values and stack traces stored apart are left out.
CREATE FUNCTION letter_headers(headers bytea, wanted bytea) RETURNS bytea[] LANGUAGE plpgsql
  IMMUTABLE PARALLEL SAFE STRICT AS $$
DECLARE
  found bytea[] := '{}';
  ends integer := octet_length(headers);
  at integer := 1;                           -- behind the version
  count integer := -1;
  name bytea;
  number integer;
  shift integer;
  byte integer;
  done integer := 0;
BEGIN
  LOOP
    -- One LEB128 number: first how many headers, then by turns the length of a name and the form of its value.
    number := 0;
    shift := 0;
    LOOP
      byte := get_byte(headers, at);
      at := at + 1;
      number := number | ((byte & 127) << shift);
      EXIT WHEN byte < 128;
      shift := shift + 7;
    END LOOP;
    IF count < 0 THEN
      count := number;
    ELSIF name IS NULL THEN
      name := substring(headers FROM at + 1 FOR number);
      at := at + number;
    ELSE
      IF number >= 2 THEN
        IF name = wanted THEN
          found := found || substring(headers FROM at + 1 FOR number - 2);
        END IF;
        at := at + number - 2;
      END IF;
      name := NULL;
      done := done + 1;
    END IF;
    EXIT WHEN done = count OR at >= ends;
  END LOOP;
  RETURN found;
END $$;

-- A filter somebody kept, with how the list was shown.
CREATE TABLE saved_view (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  version integer NOT NULL DEFAULT 1,
  owner text NOT NULL,
  name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 80),
  shared boolean NOT NULL,
  target text NOT NULL CHECK (target IN ('letters', 'groups')),
  q text NOT NULL,
  sort text,
  columns text[] NOT NULL,
  tab text,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT saved_view_has_a_name_of_its_own UNIQUE (owner, name)
);
-- Serves the views that everybody sees.
CREATE INDEX saved_view_shared ON saved_view (name) WHERE shared;
