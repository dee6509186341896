-- Few letters came back and few have a tag, so what these two cost is next to nothing.

-- Serves is:loop of some topics, origins, consumers or classes: the kinds that fit, each read from its end.
CREATE INDEX letter_state_looping_by_kind ON letter_state (kind_ref, letter_id DESC) WHERE returns > 0;
-- Serves has:tag, and the first look of tag:, which letter_state_by_tag answers in no order.
CREATE INDEX letter_state_tagged ON letter_state (letter_id DESC) WHERE tags <> '{}';
