-- Every version of every regime that was ever published; cases stay pinned to theirs, so none is deleted.
CREATE TABLE regimes (
    regime_id     text NOT NULL,
    version       bigint NOT NULL,
    unit_id       text NOT NULL,
    in_force_from date NOT NULL,
    title_zh      text NOT NULL,
    title_en      text NOT NULL,
    pack          text NOT NULL,
    sha256        bytea NOT NULL,
    published_at  timestamptz NOT NULL,
    PRIMARY KEY (regime_id, version)
);
