-- What becomes of files whose time is over: proposed, kept (and proposed again after a day), or destroyed. Why stands here
-- alone, since what was sealed in the case goes with it.
CREATE TABLE destructions (
    case_id    uuid PRIMARY KEY,
    state      text NOT NULL CHECK (state IN ('proposed', 'refused', 'ordered')),
    -- The last day of keeping.
    since      text NOT NULL,
    cite       text NOT NULL,
    -- When it came to be so.
    at         timestamptz NOT NULL,
    -- Nobody, where the regime leaves nothing to decide.
    staff_id   text NOT NULL DEFAULT '',
    reason     text NOT NULL DEFAULT '',
    -- The day after which it is proposed again.
    again_on   text NOT NULL DEFAULT ''
);
-- Lists, newest first.
CREATE INDEX destructions_at_idx ON destructions (at DESC, case_id DESC) WHERE state = 'proposed';

INSERT INTO destructions (case_id, state, since, cite, at)
SELECT case_id, 'proposed', COALESCE(args->>'date', ''), COALESCE(args->>'cite', ''), at
FROM own_entries WHERE fact = 'destruction-proposed';
-- What was kept is proposed again; the table above says when.
DROP INDEX own_entries_destruction_idx;
