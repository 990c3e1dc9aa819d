-- The periods of recurring duties that were opened: each once, in each unit that owes them.
CREATE TABLE duty_run (
    regime_id text NOT NULL,
    duty text NOT NULL,
    unit_id text NOT NULL,
    first_day date NOT NULL,
    due_at timestamptz NOT NULL,
    PRIMARY KEY (regime_id, duty, unit_id, first_day)
);
