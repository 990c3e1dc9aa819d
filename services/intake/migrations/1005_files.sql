-- What staff put into a case as a file, sealed with the content key of the case. Its name is the text of the same reference
-- in `sealed`; both are bound to that reference.
CREATE TABLE files (
    ref_id     uuid PRIMARY KEY,
    case_id    uuid NOT NULL,
    media_type text NOT NULL,
    version    integer NOT NULL,
    nonce      bytea NOT NULL,
    body       bytea NOT NULL
);
-- Serves the destruction of a case.
CREATE INDEX files_case_id_idx ON files (case_id);
-- Sealed bytes do not compress.
ALTER TABLE files ALTER COLUMN body SET STORAGE EXTERNAL;
