-- What those said who were asked about an amendment of a regime, and who approved it: each of one text, over the version that
-- was in force then.
CREATE TABLE regime_opinions (
    regime_id text NOT NULL,
    over      bigint NOT NULL,
    sha256    bytea NOT NULL,
    role      text NOT NULL,
    staff_id  text NOT NULL,
    body      text NOT NULL,
    at        timestamptz NOT NULL
);
CREATE INDEX regime_opinions_regime_id_idx ON regime_opinions (regime_id, over, sha256);

CREATE TABLE regime_approvals (
    regime_id text NOT NULL,
    over      bigint NOT NULL,
    sha256    bytea NOT NULL,
    staff_id  text NOT NULL,
    at        timestamptz NOT NULL,
    PRIMARY KEY (regime_id, over, sha256)
);
