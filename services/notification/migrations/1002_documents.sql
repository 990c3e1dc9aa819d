-- Notices go to respondents and bodies too, prove facts, and may be numbered documents. What no machine can send waits
-- by hand. `parts` names the texts in intake's vault that fill the placeholders: the texts themselves are never here.
ALTER TABLE notices
    ADD COLUMN cite     text NOT NULL DEFAULT '',
    ADD COLUMN done     text NOT NULL DEFAULT '',
    ADD COLUMN document text NOT NULL DEFAULT '',
    ADD COLUMN parts    jsonb NOT NULL DEFAULT '{}',
    ADD COLUMN owed     jsonb,
    DROP CONSTRAINT notices_recipient_kind_check,
    ADD CONSTRAINT notices_recipient_kind_check
        CHECK (recipient_kind IN ('complainant', 'respondent', 'staff', 'body')),
    DROP CONSTRAINT notices_state_check,
    ADD CONSTRAINT notices_state_check
        CHECK (state IN ('queued', 'sending', 'sent', 'failed', 'unknown', 'dropped', 'by-hand'));
-- A document by its number.
CREATE UNIQUE INDEX notices_document_idx ON notices (case_id, document) WHERE document <> '';
