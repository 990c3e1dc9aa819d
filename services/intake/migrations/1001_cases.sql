-- What arrived at a door, as it arrived; never who it came from.
CREATE TABLE submissions (
    submission_id uuid PRIMARY KEY,
    case_id       uuid NOT NULL,
    channel       text NOT NULL,
    unit_id       text NOT NULL,
    recorded_by   text,
    received_at   timestamptz NOT NULL
);

-- The case as the events tell it; what Follow shows and what permissions are decided on.
CREATE TABLE cases (
    case_id  uuid PRIMARY KEY,
    unit_id  text NOT NULL,
    number   text NOT NULL,
    -- The language in which the complainant handed in.
    language text NOT NULL,
    view     jsonb NOT NULL,
    version  bigint NOT NULL
);

-- The last number given in each series: a number's text without its running part, so year and unit are in it where the
-- pattern has them. The row is locked until the case is committed: no number is skipped.
CREATE TABLE number_series (
    series text PRIMARY KEY,
    last   bigint NOT NULL
);
