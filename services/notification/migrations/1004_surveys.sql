-- One row for each anonymous survey. All that was answered lies in one document of this row, which every answer writes
-- anew: there is no row of an answer, no instant and no order that could say who answered what.
CREATE TABLE surveys (
    survey_id      uuid PRIMARY KEY,
    code           text NOT NULL UNIQUE,
    regime_id      text NOT NULL,
    regime_version integer NOT NULL,
    survey         text NOT NULL,
    unit_id        text NOT NULL,
    first_day      date NOT NULL,
    last_day       date NOT NULL,
    open_until     timestamptz NOT NULL,
    closed_on      date,
    tally          jsonb NOT NULL
);
-- Of one survey there is one at a time in a unit; and the loop that closes them asks which is next.
CREATE UNIQUE INDEX surveys_open_idx ON surveys (regime_id, survey, unit_id) WHERE closed_on IS NULL;
CREATE INDEX surveys_open_until_idx ON surveys (open_until) WHERE closed_on IS NULL;
-- The surveys of some units, the newest first.
CREATE INDEX surveys_unit_id_idx ON surveys (unit_id, first_day DESC);
