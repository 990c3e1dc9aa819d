-- One row for each case: what the others have told us of it, when its running clocks end, and who must not be told.
CREATE TABLE cases (
    case_id  uuid PRIMARY KEY,
    unit_id  text NOT NULL,
    view     jsonb NOT NULL,
    dues     jsonb NOT NULL,
    excluded text[] NOT NULL,
    version  bigint NOT NULL
);

-- One row for each message to one recipient. The key makes a second row for the same fact impossible.
CREATE TABLE notices (
    notice_id      uuid PRIMARY KEY,
    case_id        uuid NOT NULL REFERENCES cases,
    dedupe_key     text NOT NULL UNIQUE,
    way            text NOT NULL,
    recipient_kind text NOT NULL CHECK (recipient_kind IN ('complainant', 'staff')),
    recipient      text NOT NULL,
    staff_id       text,
    template       text NOT NULL,
    params         jsonb NOT NULL,
    state          text NOT NULL CHECK (state IN ('queued', 'sending', 'sent', 'failed', 'unknown', 'dropped')),
    phase          text NOT NULL DEFAULT 'before_dot' CHECK (phase IN ('before_dot', 'dot_sent')),
    attempts       integer NOT NULL DEFAULT 0,
    next_at        timestamptz NOT NULL,
    lease_until    timestamptz,
    reason         text NOT NULL DEFAULT '',
    created_at     timestamptz NOT NULL,
    changed_at     timestamptz NOT NULL
);
-- The sender's claim.
CREATE INDEX notices_next_at_idx ON notices (next_at) WHERE state = 'queued';
-- Leases that ran out with their sender.
CREATE INDEX notices_lease_until_idx ON notices (lease_until) WHERE state = 'sending';
-- The deliveries of one case.
CREATE INDEX notices_case_id_idx ON notices (case_id);

-- One row for each call or visit that somebody owes.
CREATE TABLE tasks (
    task_id    uuid PRIMARY KEY,
    case_id    uuid NOT NULL REFERENCES cases,
    unit_id    text NOT NULL,
    dedupe_key text NOT NULL UNIQUE,
    purpose    text NOT NULL,
    title      jsonb NOT NULL,
    ways       text[] NOT NULL,
    role       text NOT NULL,
    is_callback boolean NOT NULL,
    state      text NOT NULL CHECK (state IN ('open', 'done', 'dropped')),
    opened_at  timestamptz NOT NULL,
    done_at    timestamptz
);
-- My open tasks.
CREATE INDEX tasks_role_idx ON tasks (role, opened_at, task_id) WHERE state = 'open';
-- The tasks of one case.
CREATE INDEX tasks_case_id_idx ON tasks (case_id);

-- Each try at a task, reached or not.
CREATE TABLE task_attempts (
    task_id      uuid NOT NULL REFERENCES tasks,
    no           integer NOT NULL,
    way          text NOT NULL,
    is_reached   boolean NOT NULL,
    satisfaction text NOT NULL,
    record_ref   text NOT NULL,
    staff_id     text NOT NULL,
    at           timestamptz NOT NULL,
    PRIMARY KEY (task_id, no)
);
