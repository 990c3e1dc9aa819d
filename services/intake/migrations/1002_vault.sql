-- Two data keys per case, wrapped by the master key, which is never in the database.
-- Deleting the rows of a case makes everything sealed for it unreadable for good.
CREATE TABLE case_keys (
    case_id uuid NOT NULL,
    purpose text NOT NULL CHECK (purpose IN ('identity', 'content')),
    wrapped bytea NOT NULL,
    PRIMARY KEY (case_id, purpose)
);

CREATE TABLE sealed (
    ref_id  uuid PRIMARY KEY,
    case_id uuid NOT NULL,
    purpose text NOT NULL CHECK (purpose IN ('identity', 'content')),
    field   text NOT NULL,
    version integer NOT NULL,
    nonce   bytea NOT NULL,
    body    bytea NOT NULL,
    at      timestamptz NOT NULL
);
-- Serves every reading of a case's texts, and the list of the identity fields that exist.
CREATE INDEX sealed_case_id_idx ON sealed (case_id);

-- HMAC of the slow hash of the receipt code; the code itself is nowhere.
CREATE TABLE receipts (
    lookup  bytea PRIMARY KEY,
    case_id uuid NOT NULL
);

-- The first answer to a hand-in, sealed under the master key since it holds the receipt code.
-- The digest is keyed: a bare hash would let a reader of the table test guesses of the content.
CREATE TABLE hand_in_answer (
    request_id text PRIMARY KEY,
    digest     bytea NOT NULL,
    sealed     bytea NOT NULL,
    at         timestamptz NOT NULL
);

-- One row that only the right master key and the right receipt parameters can open; compared at start.
CREATE TABLE vault_check (
    one        boolean PRIMARY KEY DEFAULT true CHECK (one),
    sealed     bytea NOT NULL,
    argon_kib  integer NOT NULL,
    argon_passes integer NOT NULL
);
