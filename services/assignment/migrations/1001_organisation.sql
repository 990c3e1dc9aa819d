-- The organisation as it now is. What it was is in the log.
CREATE TABLE units (
    unit_id   text PRIMARY KEY,
    parent_id text REFERENCES units (unit_id) DEFERRABLE INITIALLY DEFERRED,
    kind      text NOT NULL,
    name_zh   text NOT NULL,
    name_en   text NOT NULL,
    zone      text NOT NULL,
    is_closed boolean NOT NULL,
    -- Grows with each change; the copies that other services keep are ordered by it.
    version   bigint NOT NULL
);
-- There is one root.
CREATE UNIQUE INDEX units_root_idx ON units ((true)) WHERE parent_id IS NULL;

CREATE TABLE staff (
    staff_id      uuid PRIMARY KEY,
    -- Deferred, so that two people may swap logins in one change.
    login         text NOT NULL UNIQUE DEFERRABLE INITIALLY DEFERRED,
    name          text NOT NULL,
    email         text NOT NULL,
    is_active     boolean NOT NULL,
    -- Argon2id in PHC form; none for a person who cannot sign in with a password.
    password_hash text,
    version       bigint NOT NULL
);

CREATE TABLE grants (
    staff_id uuid NOT NULL REFERENCES staff (staff_id),
    role     text NOT NULL,
    unit_id  text NOT NULL REFERENCES units (unit_id) DEFERRABLE INITIALLY DEFERRED,
    PRIMARY KEY (staff_id, role, unit_id)
);
