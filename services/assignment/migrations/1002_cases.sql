-- The case as the events told it, and who handles it.
CREATE TABLE cases (
    case_id          uuid PRIMARY KEY,
    number           text NOT NULL,
    unit_id          text NOT NULL,
    handling_unit_id text,
    handler_id       text,
    severity         text NOT NULL,
    -- `waiting` (for acceptance and a grade), `held` (for a guard), `to-dispatch`, `dispatched`, `signed`, `returned`, `done`.
    state            text NOT NULL,
    slip             text NOT NULL,
    -- Whom the ladder has reached.
    watchers         text[] NOT NULL,
    -- Accused or recused; they see none of this.
    excluded         text[] NOT NULL,
    received_at      timestamptz NOT NULL,
    view             jsonb NOT NULL,
    version          bigint NOT NULL
);
-- ListQueue `mine`, and the count of open cases for each candidate.
CREATE INDEX cases_handler_id_idx ON cases (handler_id, received_at, case_id) WHERE state IN ('dispatched', 'signed');
-- ListQueue `to-dispatch`.
CREATE INDEX cases_unit_id_idx ON cases (unit_id, received_at, case_id) WHERE state IN ('held', 'to-dispatch', 'returned');
-- ListQueue `watched`.
CREATE INDEX cases_watchers_idx ON cases USING gin (watchers) WHERE state <> 'done';

-- The last number of the transfer slips of a unit in a year: no gaps, since it is taken in the transaction that uses it.
CREATE TABLE slips (
    unit_id text NOT NULL,
    year    integer NOT NULL,
    last    bigint NOT NULL,
    PRIMARY KEY (unit_id, year)
);
