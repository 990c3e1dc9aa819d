-- How many entries the dossier of a case has: a fact need not change the history, and has an entry all the same.
ALTER TABLE cases ADD COLUMN entries integer NOT NULL DEFAULT 0;
UPDATE cases c SET entries = COALESCE((SELECT max(place) FROM dossier_entries e WHERE e.case_id = c.case_id), 0);

-- What this service itself said of a case, but for the archiving: it stands in no other's log, so it is kept apart from
-- what can be made anew from those.
CREATE TABLE own_entries (
    place   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    case_id uuid NOT NULL,
    at      timestamptz NOT NULL,
    fact    text NOT NULL,
    args    jsonb NOT NULL,
    refs    text[] NOT NULL,
    actor   text NOT NULL
);
CREATE INDEX own_entries_case_id_idx ON own_entries (case_id, at);
-- The end of keeping is told once.
CREATE UNIQUE INDEX own_entries_destruction_idx ON own_entries (case_id) WHERE fact = 'destruction-proposed';

-- The rows of the ledgers. Whose row it is stands here only for units and staff; anybody else's name is nobody's to tell.
CREATE TABLE ledger_rows (
    row_id         uuid PRIMARY KEY,
    case_id        uuid NOT NULL,
    number         text NOT NULL,
    regime_id      text NOT NULL,
    unit_id        text NOT NULL,
    ledger         text NOT NULL,
    about          text NOT NULL,
    subject_id     text NOT NULL,
    points         integer NOT NULL,
    cause          text NOT NULL,
    cite           text NOT NULL,
    staff_id       text NOT NULL,
    text_ref       text NOT NULL,
    at             timestamptz NOT NULL
);
-- A ledger, newest first.
CREATE INDEX ledger_rows_ledger_idx ON ledger_rows (ledger, at DESC, row_id DESC);

-- What the public is shown of cases: copied once, as it was written or titled then, and nothing that leads back.
CREATE TABLE publications (
    case_id    uuid PRIMARY KEY,
    unit_id    text NOT NULL,
    state      text NOT NULL CHECK (state IN ('published', 'withheld')),
    texts      jsonb NOT NULL,
    at         timestamptz NOT NULL
);
CREATE INDEX publications_at_idx ON publications (at DESC, case_id DESC) WHERE state = 'published';
