-- Who is signed in at a browser. The browser holds the id, the table only its digest.
CREATE TABLE sessions (
    id_hash    bytea PRIMARY KEY,
    -- The person's bearer token, sent with each call to the other services.
    token      text NOT NULL,
    staff_id   text NOT NULL,
    -- Stands in every form of the desk and must come back with it.
    csrf       text NOT NULL,
    expires_at timestamptz NOT NULL
);

-- Serves the sweep of what has run out.
CREATE INDEX sessions_expires_at_idx ON sessions (expires_at);
