-- The recurring duties, one row for each period in each unit, and what was done. What was written stands here alone: the
-- events of this service carry no texts.
CREATE TABLE duties (
    duty_id        uuid PRIMARY KEY,
    regime_id      text NOT NULL,
    regime_version integer NOT NULL,
    duty           text NOT NULL,
    unit_id        text NOT NULL,
    first_day      date NOT NULL,
    last_day       date NOT NULL,
    due_at         timestamptz NOT NULL,
    role           text NOT NULL,
    done_to        text NOT NULL,
    cite           text NOT NULL,
    opened_at      timestamptz NOT NULL,
    -- When the watcher said that its time was over.
    missed_at      timestamptz,
    done_at        timestamptz,
    done_by        text NOT NULL DEFAULT '',
    body           text NOT NULL DEFAULT '',
    files          text[] NOT NULL DEFAULT '{}',
    -- The draft as it was when the duty was done, a `DutyDraft`.
    draft          bytea,
    UNIQUE (unit_id, regime_id, duty, first_day)
);
-- Lists, the latest due first.
CREATE INDEX duties_due_at_idx ON duties (due_at DESC, duty_id DESC);
