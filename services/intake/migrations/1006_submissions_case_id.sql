-- Serves the question which cases came of the submission of this one: a receipt opens them all.
CREATE INDEX submissions_case_id_idx ON submissions (case_id);
