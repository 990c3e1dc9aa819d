-- The sweep goes by shard: the partition of the case's events, so that what one transaction fires is appended to one head.
-- A case of before has none yet; it gets its own when it is saved next.
ALTER TABLE cases ADD COLUMN shard smallint NOT NULL DEFAULT 0;
ALTER TABLE cases ALTER COLUMN shard DROP DEFAULT;

-- Read and written whole, and never asked by Postgres: as text it need not be taken apart and put together again each time.
ALTER TABLE cases ALTER COLUMN view TYPE text USING view::text, ALTER COLUMN clocks TYPE text USING clocks::text;
ALTER TABLE cases ALTER COLUMN view SET STORAGE MAIN, ALTER COLUMN clocks SET STORAGE MAIN;
ALTER TABLE cases ALTER COLUMN view SET COMPRESSION lz4, ALTER COLUMN clocks SET COMPRESSION lz4;
ALTER TABLE cases SET (
    toast_tuple_target = 512, autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.05
);

DROP INDEX cases_next_at_idx;
CREATE INDEX cases_due_idx ON cases (shard, next_at) WHERE next_at IS NOT NULL;

-- How far the present had come, by run of the machine: what a process that starts again holds its clock against.
CREATE TABLE clock_mark (
    boot text PRIMARY KEY,
    reached timestamptz NOT NULL,
    elapsed_ms bigint NOT NULL,
    is_held boolean NOT NULL,
    -- By Postgres' clock: the dead-man check asks when the sweep was last alive.
    swept_at timestamptz NOT NULL DEFAULT clock_timestamp()
) WITH (fillfactor = 20);
