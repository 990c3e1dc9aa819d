-- What the public is shown of the figures that a duty reported: copied once, as they stood in its report.
CREATE TABLE published_figures (
    duty_id uuid PRIMARY KEY,
    unit_id text NOT NULL,
    texts   jsonb NOT NULL,
    at      timestamptz NOT NULL
);
