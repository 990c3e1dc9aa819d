-- Reminders, misses and steps that were told for a due instant and whose own instant has not come after all: they are not
-- told again for it. Nearly always none.
ALTER TABLE cases ADD COLUMN spent text NOT NULL DEFAULT '[]';
