-- A replay job of a million letters writes millions of rows, and its speed is what each of them costs. What is here says
-- nothing that was not known without it. docs/jobs.md, "What a letter costs".

-- Jobs and letters are never deleted (a purge takes bytes alone, docs/retention.md), nor is a cluster, and whoever writes
-- these rows holds the row of the job and of the letter in the same transaction. To ask once more for each row cost a look-up
-- and a lock: of a letter's wide row it wrote a page to the log.
ALTER TABLE job_item DROP CONSTRAINT job_item_job_id_fkey;
ALTER TABLE replay DROP CONSTRAINT replay_letter_id_fkey, DROP CONSTRAINT replay_cluster_id_fkey;

-- Only what failed is ever looked for by its result; an undo walks the items of its job in the order of the key.
DROP INDEX job_item_by_result;
-- Serves the letters of a retry that became no replay.
CREATE INDEX job_item_failed ON job_item (job_id, letter_id DESC) WHERE result = 'failed';
