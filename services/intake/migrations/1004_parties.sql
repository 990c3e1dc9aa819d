-- One submission may become several cases.
ALTER TABLE submissions DROP CONSTRAINT submissions_pkey;
ALTER TABLE submissions ADD PRIMARY KEY (submission_id, case_id);

-- By which cases are found that may be of the same complainant or about the same respondent: keyed digests of a contact
-- or a name, so that the table tells nobody who it is.
CREATE TABLE likeness (
    digest  bytea NOT NULL,
    sort    text NOT NULL CHECK (sort IN ('complainant', 'respondent')),
    case_id uuid NOT NULL,
    PRIMARY KEY (digest, sort, case_id)
);
-- Serves the question which cases are like this one.
CREATE INDEX likeness_case_id_idx ON likeness (case_id);
