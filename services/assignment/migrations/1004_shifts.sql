-- Turns of duty as they now are; those that are over go with the next rota of their role and unit.
CREATE TABLE shifts (
    staff_id uuid NOT NULL REFERENCES staff (staff_id),
    role     text NOT NULL,
    unit_id  text NOT NULL REFERENCES units (unit_id) DEFERRABLE INITIALLY DEFERRED,
    from_at  timestamptz NOT NULL,
    -- The first instant after it.
    until_at timestamptz NOT NULL CHECK (until_at > from_at),
    PRIMARY KEY (staff_id, role, unit_id, from_at, until_at)
);
