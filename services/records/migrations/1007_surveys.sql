-- The surveys that are over, with what was counted, for the duties that hold them; one row for each.
CREATE TABLE surveys (
    survey_id text PRIMARY KEY,
    regime_id text NOT NULL,
    survey    text NOT NULL,
    unit_id   text NOT NULL,
    day       date NOT NULL,
    -- What notification said, a `SurveyClosed`.
    closed    bytea NOT NULL
);
-- Those of a duty's period.
CREATE INDEX surveys_day_idx ON surveys (regime_id, survey, day);
