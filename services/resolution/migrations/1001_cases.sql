-- One row for each case: what the others have told us of it (view), and what was done about it here (course).
CREATE TABLE cases (
    case_id uuid PRIMARY KEY,
    unit_id text NOT NULL,
    view    jsonb NOT NULL,
    course  jsonb NOT NULL,
    version bigint NOT NULL
);
