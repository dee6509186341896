-- Since when the watch over topics finds no topic of that name, while it is read again; null where there is one.
ALTER TABLE rewind_job ADD COLUMN gone_at timestamptz;
