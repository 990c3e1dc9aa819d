-- The case as the events told it, and whether it is taken.
CREATE TABLE cases (
    case_id     uuid PRIMARY KEY,
    number      text NOT NULL,
    unit_id     text NOT NULL,
    channel     text NOT NULL,
    kind        text NOT NULL,
    -- `pending`, `accepted`, `declined`, `withdrawn`.
    state       text NOT NULL,
    -- Accused or recused; they see none of this.
    excluded    text[] NOT NULL,
    received_at timestamptz NOT NULL,
    view        jsonb NOT NULL,
    version     bigint NOT NULL
);
-- ListPending: the oldest of the units of the caller.
CREATE INDEX cases_pending_idx ON cases (received_at, case_id) WHERE state = 'pending';
