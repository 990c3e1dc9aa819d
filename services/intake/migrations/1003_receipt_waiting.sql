-- Receipts whose slow hash is still to be computed. The row is written with the case and deleted with the insertion of
-- its row in receipts. `quick` is a keyed hash, by which the code opens its case until then; `sealed` is the code under
-- the master key. Neither key is in the database.
CREATE TABLE receipt_waiting (
    case_id uuid PRIMARY KEY,
    quick   bytea NOT NULL UNIQUE,
    sealed  bytea NOT NULL,
    -- Until then it belongs to the instance that works on it.
    free_at timestamptz NOT NULL
);
-- Serves the claim: after a burst the table is long.
CREATE INDEX receipt_waiting_free_at_idx ON receipt_waiting (free_at);
