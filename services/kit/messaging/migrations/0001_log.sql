-- The log of this service, the copies it keeps of its progress through the others', and what it answered to commands.

-- One row per partition, and the only thing that is ever locked from append to commit.
CREATE TABLE event_head (
    partition smallint PRIMARY KEY,
    seq bigint NOT NULL DEFAULT 0,
    hash bytea NOT NULL,
    genesis bytea NOT NULL
) WITH (fillfactor = 20);

-- A chain that began at zero would fit the stream of an earlier installation; a random beginning fits none.
INSERT INTO event_head (partition, hash, genesis)
SELECT n, start, start
FROM (
    SELECT n, sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())) AS start
    FROM generate_series(0, 15) AS n
) AS beginnings;

CREATE TABLE event_log (
    partition smallint NOT NULL,
    seq bigint NOT NULL,
    hash bytea NOT NULL,
    event_id uuid NOT NULL,
    key text NOT NULL,
    type text NOT NULL,
    envelope bytea NOT NULL,
    appended_at timestamptz NOT NULL,
    PRIMARY KEY (partition, seq)
);

-- What happened to one case, for an operator and for the proof that a timeline is complete.
CREATE INDEX event_log_key_idx ON event_log (key);

-- Numbers, links and stores the events of one transaction: its last statement. Partitions are taken in ascending
-- order, so that two transactions cannot wait for each other.
CREATE FUNCTION event_append(
    partitions smallint[], event_ids uuid[], keys text[], types text[], envelopes bytea[], at timestamptz
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    written bigint;
BEGIN
    IF cardinality(partitions) = 1 THEN
        -- Most transactions have one event, and this is twice as fast.
        WITH head AS (
            UPDATE event_head AS h SET seq = h.seq + 1, hash = sha256(h.hash || envelopes[1])
            WHERE h.partition = partitions[1] RETURNING h.partition, h.seq, h.hash
        )
        INSERT INTO event_log (partition, seq, hash, event_id, key, type, envelope, appended_at)
        SELECT h.partition, h.seq, h.hash, event_ids[1], keys[1], types[1], envelopes[1], at FROM head AS h;
        GET DIAGNOSTICS written = ROW_COUNT;
    ELSE
        -- A statement of its own: the next one must see the heads as they are once they are ours.
        PERFORM 1 FROM event_head AS h WHERE h.partition = ANY (partitions) ORDER BY h.partition FOR UPDATE;
        WITH RECURSIVE item AS MATERIALIZED (
            SELECT e.partition, e.event_id, e.key, e.type, e.envelope,
                   row_number() OVER (PARTITION BY e.partition ORDER BY e.place) AS n
            FROM unnest(partitions, event_ids, keys, types, envelopes) WITH ORDINALITY
                AS e (partition, event_id, key, type, envelope, place)
        ), chain AS (
            SELECT h.partition, 0::bigint AS n, h.seq, h.hash,
                   NULL::uuid AS event_id, NULL::text AS key, NULL::text AS type, NULL::bytea AS envelope
            FROM event_head AS h WHERE h.partition = ANY (partitions)
            UNION ALL
            SELECT i.partition, i.n, c.seq + 1, sha256(c.hash || i.envelope), i.event_id, i.key, i.type, i.envelope
            FROM chain AS c JOIN item AS i ON i.partition = c.partition AND i.n = c.n + 1
        ), stored AS (
            INSERT INTO event_log (partition, seq, hash, event_id, key, type, envelope, appended_at)
            SELECT c.partition, c.seq, c.hash, c.event_id, c.key, c.type, c.envelope, at FROM chain AS c WHERE c.n > 0
            RETURNING partition, seq, hash
        ), moved AS (
            UPDATE event_head AS h SET seq = s.seq, hash = s.hash
            FROM (SELECT DISTINCT ON (partition) partition, seq, hash FROM stored ORDER BY partition, seq DESC) AS s
            WHERE h.partition = s.partition
        )
        SELECT count(*) INTO written FROM stored;
    END IF;
    IF written <> cardinality(partitions) THEN
        RAISE EXCEPTION 'events for a partition that this installation does not have';
    END IF;
END $$;

-- How far this service has applied each partition of each producer it follows, and the link it stands on.
CREATE TABLE follower_position (
    producer text NOT NULL,
    partition smallint NOT NULL,
    seq bigint NOT NULL,
    hash bytea NOT NULL,
    PRIMARY KEY (producer, partition)
) WITH (fillfactor = 20);

-- Where to resume in the stream: everything of `producers` up to `stream_seq` of the stream created at
-- `stream_created` has been judged. An economy, not a truth: if either differs, reading begins at 1.
CREATE TABLE follower_cursor (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    producers text NOT NULL,
    stream_created text NOT NULL,
    stream_seq bigint NOT NULL
) WITH (fillfactor = 20);

-- Events that could not be applied yet, and those of the same key that wait behind them.
CREATE TABLE parked_event (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key text NOT NULL,
    producer text NOT NULL,
    partition smallint NOT NULL,
    seq bigint NOT NULL,
    type text NOT NULL,
    envelope bytea NOT NULL,
    state text NOT NULL CHECK (state IN ('waiting', 'failed', 'behind')),
    reason text NOT NULL,
    attempts integer NOT NULL DEFAULT 0,
    parked_at timestamptz NOT NULL,
    -- By the database's clock, since the clock of the service may be a simulated one.
    retry_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (producer, partition, seq)
);

-- Is this key parked, and what is its first event?
CREATE INDEX parked_event_key_id_idx ON parked_event (key, id);

-- The first answer to each command, given again when the command is repeated.
CREATE TABLE command_answer (
    request_id text PRIMARY KEY,
    name text NOT NULL,
    actor text NOT NULL,
    digest bytea NOT NULL,
    answer bytea NOT NULL,
    answered_at timestamptz NOT NULL
) WITH (fillfactor = 70);

-- Local copies of the organisation and the regimes.
CREATE TABLE reference (
    kind text NOT NULL,
    id text NOT NULL,
    version bigint NOT NULL,
    body bytea NOT NULL,
    PRIMARY KEY (kind, id, version)
);
