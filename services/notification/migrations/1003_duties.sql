-- A notice may be about no case: that a recurring duty opened, or was missed. Then its words are those of this regime.
ALTER TABLE notices
    ALTER COLUMN case_id DROP NOT NULL,
    ADD COLUMN regime_id      text,
    ADD COLUMN regime_version integer,
    ADD CONSTRAINT notices_subject_check CHECK (case_id IS NOT NULL OR regime_id IS NOT NULL AND regime_version IS NOT NULL);
