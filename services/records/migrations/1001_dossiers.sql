-- One row for each case: the state that lists and statistics ask for.
CREATE TABLE cases (
    case_id          uuid PRIMARY KEY,
    number           text NOT NULL,
    unit_id          text NOT NULL,
    handling_unit_id text,
    handler          text,
    regime_id        text NOT NULL,
    regime_version   integer NOT NULL,
    kind             text NOT NULL,
    category         text NOT NULL,
    severity         text NOT NULL,
    channel          text NOT NULL,
    validity         text NOT NULL,
    stage            text NOT NULL,
    is_open          boolean NOT NULL,
    received_at      timestamptz NOT NULL,
    accepted_at      timestamptz,
    declined_at      timestamptz,
    withdrawn_at     timestamptz,
    resolved_at      timestamptz,
    closed_at        timestamptz,
    -- When the complainant was reached after the result.
    called_back_at   timestamptz,
    is_satisfied     boolean NOT NULL,
    -- A clock that ends with the resolution was missed before it came.
    is_late          boolean NOT NULL,
    keep_until       text,
    excluded         text[] NOT NULL,
    watchers         text[] NOT NULL,
    view             jsonb NOT NULL,
    version          bigint NOT NULL
);
-- Lists, newest first.
CREATE INDEX cases_received_at_idx ON cases (received_at DESC, case_id DESC);
-- Statistics of a unit.
CREATE INDEX cases_unit_id_idx ON cases (unit_id, received_at);
-- A dossier by its number.
CREATE INDEX cases_number_idx ON cases (number);

-- One row for each fact of a case, in the order in which it was learned. Texts stay in the vault; here are references.
CREATE TABLE dossier_entries (
    case_id   uuid NOT NULL REFERENCES cases,
    place     integer NOT NULL,
    producer  text NOT NULL,
    partition smallint,
    seq       bigint,
    at        timestamptz NOT NULL,
    fact      text NOT NULL,
    args      jsonb NOT NULL,
    refs      text[] NOT NULL,
    actor     text NOT NULL,
    PRIMARY KEY (case_id, place),
    UNIQUE (producer, partition, seq)
);
-- Missed clocks of a month.
CREATE INDEX dossier_entries_missed_idx ON dossier_entries (at) WHERE fact = 'clock-missed';
