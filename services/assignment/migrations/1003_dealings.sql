-- What a unit has charge of, such as `category:noise`; routing asks for it.
ALTER TABLE units ADD COLUMN charges text[] NOT NULL DEFAULT '{}';
-- Who owes an answer to an order in the case.
ALTER TABLE cases ADD COLUMN ordered text[] NOT NULL DEFAULT '{}';
-- ListQueue `ordered`.
CREATE INDEX cases_ordered_idx ON cases USING gin (ordered) WHERE state <> 'done';
