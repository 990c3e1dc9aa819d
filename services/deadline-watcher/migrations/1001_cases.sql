-- One row a case: its facts, the clocks as they were last derived from them, and when they change next. All that the
-- watcher knows between two instants is here; a restart loses nothing.
CREATE TABLE cases (
    case_id uuid PRIMARY KEY,
    -- The unit that the matter concerns, and the one that handles it.
    unit_id text NOT NULL,
    handling_unit_id text,
    view jsonb NOT NULL,
    clocks jsonb NOT NULL,
    -- The instant of the last derivation: the next is never for an earlier one, even if the machine's clock is set back.
    derived_at timestamptz NOT NULL,
    -- Digest of the calendar that counted; when another is shipped, open cases are counted again.
    calendar text NOT NULL,
    -- The next instant at which a clock changes by itself.
    next_at timestamptz,
    -- The earliest due instant of the clocks that are missed and still run.
    late_since timestamptz,
    is_running boolean NOT NULL,
    version bigint NOT NULL
) WITH (fillfactor = 80);

-- The sweep: what is due now, and when the next is.
CREATE INDEX cases_next_at_idx ON cases (next_at) WHERE next_at IS NOT NULL;

-- ListLate: the late cases, the longest overdue first.
CREATE INDEX cases_late_since_idx ON cases (late_since, case_id) WHERE late_since IS NOT NULL;
