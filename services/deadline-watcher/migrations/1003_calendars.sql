-- A new version of a calendar, from its proposal to the last case that it moved.
CREATE TABLE calendar_change (
    change_id uuid PRIMARY KEY,
    calendar_id text NOT NULL,
    -- CSV, whatever it was brought as.
    body text NOT NULL,
    state text NOT NULL CHECK (state IN ('checking', 'checked', 'moving', 'done', 'withdrawn')),
    proposed_at timestamptz NOT NULL,
    proposed_by text NOT NULL,
    reason text NOT NULL,
    decided_at timestamptz,
    decided_by text,
    -- The version that it became.
    version integer,
    -- The days on which it differs from the version before.
    days text[] NOT NULL,
    -- The last case looked at in this state, and what was found so far.
    last_case uuid,
    cases bigint NOT NULL DEFAULT 0,
    moved_cases bigint NOT NULL DEFAULT 0,
    earlier bigint NOT NULL DEFAULT 0,
    later bigint NOT NULL DEFAULT 0,
    breaches_made bigint NOT NULL DEFAULT 0,
    breaches_undone bigint NOT NULL DEFAULT 0,
    notices bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 50);

-- The walker asks for these; there is seldom one.
CREATE INDEX calendar_change_open_idx ON calendar_change (proposed_at) WHERE state IN ('checking', 'moving');

CREATE TABLE calendar_move (
    change_id uuid NOT NULL REFERENCES calendar_change,
    case_id uuid NOT NULL,
    clock text NOT NULL,
    run integer NOT NULL,
    due_before timestamptz NOT NULL,
    due_after timestamptz NOT NULL,
    breach text NOT NULL CHECK (breach IN ('', 'made', 'undone')),
    notices integer NOT NULL,
    -- It has moved, rather than would.
    is_done boolean NOT NULL,
    PRIMARY KEY (change_id, case_id, clock, run)
);

-- The walker goes through the running cases.
CREATE INDEX cases_running_idx ON cases (case_id) WHERE is_running;
