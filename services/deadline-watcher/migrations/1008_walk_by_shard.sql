-- The walk of a change goes by shards, several at once: what a batch brings then belongs to one partition of the log, and
-- holds up no other.
CREATE TABLE calendar_walk (
    change_id uuid NOT NULL REFERENCES calendar_change,
    shard smallint NOT NULL,
    -- The last case looked at in this state of the change, and what was found so far.
    last_case uuid,
    is_done boolean NOT NULL DEFAULT false,
    cases bigint NOT NULL DEFAULT 0,
    moved_cases bigint NOT NULL DEFAULT 0,
    earlier bigint NOT NULL DEFAULT 0,
    later bigint NOT NULL DEFAULT 0,
    breaches_made bigint NOT NULL DEFAULT 0,
    breaches_undone bigint NOT NULL DEFAULT 0,
    notices bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (change_id, shard)
) WITH (fillfactor = 50);

-- What was found by the end stays; a walk that was under way begins again.
INSERT INTO calendar_walk
SELECT change_id, 0, NULL, true, cases, moved_cases, earlier, later, breaches_made, breaches_undone, notices
FROM calendar_change WHERE state NOT IN ('checking', 'moving');
INSERT INTO calendar_walk (change_id, shard)
SELECT change_id, shard FROM calendar_change, generate_series(0, 15) AS shard WHERE state IN ('checking', 'moving');

ALTER TABLE calendar_change
    DROP COLUMN last_case, DROP COLUMN cases, DROP COLUMN moved_cases, DROP COLUMN earlier, DROP COLUMN later,
    DROP COLUMN breaches_made, DROP COLUMN breaches_undone, DROP COLUMN notices;

DROP INDEX cases_running_idx;
CREATE INDEX cases_running_idx ON cases (shard, case_id) WHERE is_running;
