-- Whether a duty was done or missed; those opened before were nobody's task yet. And what is said when it is missed.
ALTER TABLE duty_run
    ADD COLUMN is_settled boolean NOT NULL DEFAULT true,
    ADD COLUMN regime_version bigint NOT NULL DEFAULT 0,
    ADD COLUMN last_day date NOT NULL DEFAULT '1970-01-01',
    ADD COLUMN role text NOT NULL DEFAULT '',
    ADD COLUMN done_to text NOT NULL DEFAULT '',
    ADD COLUMN cite text NOT NULL DEFAULT '';
-- What is not settled, by when it is due.
CREATE INDEX duty_run_due_at_idx ON duty_run (due_at) WHERE NOT is_settled;

-- When duties are looked at next. Whoever changes the law counts it here and asks for a look at once.
CREATE TABLE duty_look (
    is_one boolean PRIMARY KEY DEFAULT true CHECK (is_one),
    changes bigint NOT NULL,
    next_at timestamptz
);
INSERT INTO duty_look (changes, next_at) VALUES (0, '1970-01-01');
