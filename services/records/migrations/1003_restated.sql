-- Clocks that end with the resolution and were missed as it is known by now, by run, with the instant at which each was due.
-- `is_late` stays as it was known then; a calendar published later can make or undo a miss.
ALTER TABLE cases ADD COLUMN missed jsonb NOT NULL DEFAULT '{}', ADD COLUMN is_late_restated boolean NOT NULL DEFAULT false;
UPDATE cases SET is_late_restated = is_late WHERE is_late;
