-- Failure groups that are put together, taken apart and made anew. The protocol: docs/grouping.md.

-- The group a letter belongs to, by its fingerprint or by a split, where it lies in another one because its own was
-- merged away; null: it lies where it belongs. So a letter lies in merged_into of its own group, or in its own group.
ALTER TABLE letter_state ADD COLUMN home_group_id bigint;
-- Serves a split: the letters of a merged group, wherever they lie.
CREATE INDEX letter_state_away ON letter_state (home_group_id, letter_id DESC) WHERE home_group_id IS NOT NULL;

-- What somebody merged into what; merged_into says where that ends. A split takes a group out with all that is under it.
ALTER TABLE failure_group_state ADD COLUMN merged_under bigint REFERENCES failure_group;
-- Serves the split of a group that others were merged into before.
CREATE INDEX failure_group_state_under ON failure_group_state (merged_under) WHERE merged_under IS NOT NULL;

-- Letters of a fingerprint that belong to a group that was split off. What is not null must fit, in one of its patterns
-- of LIKE; the first rule counts.
CREATE TABLE split_rule (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  group_id bigint NOT NULL REFERENCES failure_group ON DELETE CASCADE,    -- of the fingerprint
  target_id bigint NOT NULL REFERENCES failure_group ON DELETE CASCADE,
  split_from bigint NOT NULL REFERENCES failure_group ON DELETE CASCADE,  -- where the letters lay when it was made
  q text NOT NULL,                           -- as it was asked for
  topics text[],
  origins text[],
  consumers text[],
  conventions text[],
  classes text[],                            -- of the exception or its cause
  causes text[],
  errors text[],                             -- somewhere in the message or a class, in any case
  author text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);
-- Serves whoever stores a letter.
CREATE INDEX split_rule_by_group ON split_rule (group_id, id);
-- Serves merges and splits of what was split off, and a regroup, which leaves it alone.
CREATE INDEX split_rule_by_target ON split_rule (target_id);
-- Serves "what was split off this group".
CREATE INDEX split_rule_by_source ON split_rule (split_from);

-- The group that a split gave to such a letter; null where none did. As the filter over letters reads the same terms.
CREATE FUNCTION split_target(fingerprint_group bigint, topic integer, origin text, consumer text, convention text,
  exception_class text, cause_class text, message text) RETURNS bigint LANGUAGE sql STABLE AS $$
  SELECT r.target_id FROM split_rule r
  WHERE r.group_id = fingerprint_group
    AND (r.topics IS NULL OR (SELECT t.name FROM dead_letter_topic t WHERE t.id = topic) LIKE ANY (r.topics))
    AND (r.origins IS NULL OR origin LIKE ANY (r.origins))
    AND (r.consumers IS NULL OR consumer LIKE ANY (r.consumers))
    AND (r.conventions IS NULL OR convention LIKE ANY (r.conventions))
    AND (r.classes IS NULL OR exception_class LIKE ANY (r.classes) OR cause_class LIKE ANY (r.classes))
    AND (r.causes IS NULL OR cause_class LIKE ANY (r.causes))
    AND (r.errors IS NULL OR message ILIKE ANY (r.errors) OR exception_class ILIKE ANY (r.errors)
      OR cause_class ILIKE ANY (r.errors))
  ORDER BY r.id LIMIT 1
$$;

-- How many letters a job moved from where to where: what is left to count again at its end, and its history.
CREATE TABLE failure_group_move (
  job_id uuid NOT NULL REFERENCES job ON DELETE CASCADE,
  from_id bigint NOT NULL,
  to_id bigint NOT NULL,
  letters bigint NOT NULL,
  created boolean NOT NULL DEFAULT false,    -- the job made the group it moved them to
  PRIMARY KEY (job_id, from_id, to_id)
);

-- The label rules are read and written as one list. Whoever makes a failure group holds the row together with others,
-- whoever writes the list alone, so that no group comes up between two lists.
CREATE TABLE label_rule_list (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  version integer NOT NULL DEFAULT 0
);
INSERT INTO label_rule_list DEFAULT VALUES;

-- Serves the history of a failure group, and the audit of one object.
CREATE INDEX audit_event_by_object ON audit_event (object, id DESC) WHERE object IS NOT NULL;
