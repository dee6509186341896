-- Reading a dead-letter topic again is a job: what is read again, where ingest stood, and how far it is. What happens at a
-- crash: docs/ingest.md.

CREATE TABLE rewind_job (
  job_id uuid PRIMARY KEY REFERENCES job ON DELETE CASCADE,
  topic_ref integer NOT NULL REFERENCES dead_letter_topic,
  ended_at timestamptz,                      -- null while it may still move positions
  told bigint NOT NULL DEFAULT 0,            -- offsets that were passed when people were told last
  paced_at timestamptz NOT NULL DEFAULT now(),   -- when the offsets were counted last
  paced bigint NOT NULL DEFAULT 0,           -- offsets that were passed then
  pace double precision                      -- offsets a second between the last two counts; null before
) WITH (fillfactor = 50);
-- Holds "one at a time for a topic".
CREATE UNIQUE INDEX rewind_is_open_once ON rewind_job (topic_ref) WHERE ended_at IS NULL;

-- Written in the transaction that moves the position. Whoever writes both locks the position first.
CREATE TABLE rewound_partition (
  job_id uuid NOT NULL REFERENCES rewind_job ON DELETE CASCADE,
  topic_ref integer NOT NULL,
  kafka_partition integer NOT NULL,
  phase text NOT NULL DEFAULT 'reading' CHECK (phase IN ('reading', 'resting', 'ended')),
  from_offset bigint NOT NULL,               -- read again from here
  to_offset bigint NOT NULL CHECK (to_offset > from_offset),   -- and no further than here: what follows is new
  reached bigint NOT NULL,                   -- how far it was when the phase began; the position knows more while it reads
  stood_at bigint NOT NULL,                  -- the position before it went back, and where it goes when it is put back
  stood_epoch integer NOT NULL,              -- leader epoch there; without it nobody would see that the log was cut off since
  added bigint NOT NULL DEFAULT 0,           -- letters that were not there before
  known bigint NOT NULL DEFAULT 0,           -- letters that were
  PRIMARY KEY (job_id, kafka_partition)
) WITH (fillfactor = 50);
-- Serves ingest: is this partition being read again.
CREATE UNIQUE INDEX rewound_partition_open ON rewound_partition (topic_ref, kafka_partition) WHERE phase <> 'ended';
