-- Serves the timeline of a failure group.
CREATE INDEX letter_tally_by_group ON letter_tally (failure_group_id, hour);
