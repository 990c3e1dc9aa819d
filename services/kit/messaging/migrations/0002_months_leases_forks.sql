-- The log by months, so that old ones can be detached; replicas that share the partitions; forks; and what operators
-- decided. `follower_cursor` stays for replicas of the earlier version that still run beside this one.

-- A month, in UTC so that it means the same in every session.
CREATE FUNCTION event_month(at timestamptz) RETURNS date LANGUAGE sql IMMUTABLE
AS $$ SELECT date_trunc('month', at AT TIME ZONE 'UTC')::date $$;

-- The month of the last event: within a partition months never go back, so a month is a run of numbers without holes,
-- whatever the clocks of the services say.
ALTER TABLE event_head ADD COLUMN month date NOT NULL DEFAULT '1970-01-01';
UPDATE event_head SET month = event_month(now()) WHERE seq > 0;

-- What is there becomes the table of this month; nothing is copied.
ALTER TABLE event_log DROP CONSTRAINT event_log_pkey;
DROP INDEX event_log_key_idx;
DO $$
DECLARE
    this date := event_month(now());
    name text := 'event_log_' || to_char(this, 'YYYYMM');
BEGIN
    EXECUTE format('ALTER TABLE event_log ADD COLUMN month date NOT NULL DEFAULT %L', this);
    ALTER TABLE event_log ALTER COLUMN month DROP DEFAULT;
    EXECUTE format('ALTER TABLE event_log RENAME TO %I', name);
    EXECUTE format('CREATE TABLE event_log (LIKE %I, PRIMARY KEY (partition, seq, month)) PARTITION BY RANGE (month)', name);
    -- What happened to one case, for an operator and for the proof that a timeline is complete.
    CREATE INDEX event_log_key_idx ON event_log (key);
    EXECUTE format('ALTER TABLE event_log ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
                   name, this, this + interval '1 month');
END $$;

-- Makes the table of a month unless it is there. The loop that keeps the months does it ahead of time; the append only
-- where a clock has run ahead.
CREATE FUNCTION event_month_make(wanted date) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    name text := 'event_log_' || to_char(wanted, 'YYYYMM');
BEGIN
    IF to_regclass(quote_ident(name)) IS NOT NULL THEN
        RETURN;
    END IF;
    -- Two that make the same month at once: the second waits, and finds it made.
    PERFORM pg_advisory_xact_lock(hashtextextended(current_schema() || '.event_log', 0));
    -- Not by to_regclass, which may still remember from above that there is none.
    PERFORM 1 FROM pg_class AS c WHERE c.relname = name AND c.relnamespace = current_schema()::regnamespace;
    IF FOUND THEN
        RETURN;
    END IF;
    EXECUTE format('CREATE TABLE %I (LIKE event_log INCLUDING INDEXES)', name);
    EXECUTE format('ALTER TABLE event_log ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
                   name, wanted, wanted + interval '1 month');
END $$;

-- As before, and each event goes into the table of its month.
CREATE OR REPLACE FUNCTION event_append(
    partitions smallint[], event_ids uuid[], keys text[], types text[], envelopes bytea[], at timestamptz
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    written bigint;
    this date := event_month(at);
BEGIN
    PERFORM event_month_make(this);
    IF cardinality(partitions) = 1 THEN
        -- Most transactions have one event, and this is twice as fast.
        WITH head AS (
            UPDATE event_head AS h
            SET seq = h.seq + 1, hash = sha256(h.hash || envelopes[1]), month = GREATEST(h.month, this)
            WHERE h.partition = partitions[1] RETURNING h.partition, h.seq, h.hash, h.month
        )
        INSERT INTO event_log (partition, seq, hash, event_id, key, type, envelope, appended_at, month)
        SELECT h.partition, h.seq, h.hash, event_ids[1], keys[1], types[1], envelopes[1], at, h.month FROM head AS h;
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
            SELECT h.partition, 0::bigint AS n, h.seq, h.hash, GREATEST(h.month, this) AS month,
                   NULL::uuid AS event_id, NULL::text AS key, NULL::text AS type, NULL::bytea AS envelope
            FROM event_head AS h WHERE h.partition = ANY (partitions)
            UNION ALL
            SELECT i.partition, i.n, c.seq + 1, sha256(c.hash || i.envelope), c.month,
                   i.event_id, i.key, i.type, i.envelope
            FROM chain AS c JOIN item AS i ON i.partition = c.partition AND i.n = c.n + 1
        ), stored AS (
            INSERT INTO event_log (partition, seq, hash, event_id, key, type, envelope, appended_at, month)
            SELECT c.partition, c.seq, c.hash, c.event_id, c.key, c.type, c.envelope, at, c.month
            FROM chain AS c WHERE c.n > 0
            RETURNING partition, seq, hash, month
        ), moved AS (
            UPDATE event_head AS h SET seq = s.seq, hash = s.hash, month = s.month
            FROM (SELECT DISTINCT ON (partition) partition, seq, hash, month FROM stored
                  ORDER BY partition, seq DESC) AS s
            WHERE h.partition = s.partition
        )
        SELECT count(*) INTO written FROM stored;
    END IF;
    IF written <> cardinality(partitions) THEN
        RAISE EXCEPTION 'events for a partition that this installation does not have';
    END IF;
END $$;

-- Months that are detached: their tables are `event_log_detached_YYYYMM` while they are here at all. One row for each
-- partition that has events in the month; the link of the last one is where the attached chain goes on.
CREATE TABLE detached_month (
    month date NOT NULL,
    partition smallint NOT NULL,
    first_seq bigint NOT NULL,
    last_seq bigint NOT NULL,
    last_hash bytea NOT NULL,
    PRIMARY KEY (month, partition)
);

-- The instances of this service that are alive, by the database's clock.
CREATE TABLE replica (
    instance text PRIMARY KEY,
    until timestamptz NOT NULL
) WITH (fillfactor = 20);

-- Which of them works on which partition: relays it, follows others in it, and retries what is parked there. A lease
-- lasts as long as its owner lives, so that a beat writes one row. It is an economy: that nothing is applied twice is
-- the positions' doing. But an instance that has lost a partition while it was paused must not apply anything more in
-- it, so the transaction that applies looks here too.
CREATE TABLE partition_lease (
    partition smallint PRIMARY KEY,
    owner text
) WITH (fillfactor = 20);
INSERT INTO partition_lease (partition) SELECT partition FROM event_head;

-- One beat of an instance: says that it lives, gives up what is beyond its share, takes what nobody living has. Shares
-- differ by one at most. Answers its partitions.
CREATE FUNCTION partition_lease_beat(me text, lasting interval) RETURNS smallint[] LANGUAGE plpgsql AS $$
DECLARE
    share bigint;
    mine smallint[];
BEGIN
    -- One instance after the other.
    PERFORM pg_advisory_xact_lock(hashtextextended(current_schema() || '.partition_lease', 0));
    INSERT INTO replica AS r (instance, until) VALUES (me, clock_timestamp() + lasting)
    ON CONFLICT (instance) DO UPDATE SET until = EXCLUDED.until;
    DELETE FROM replica AS r WHERE r.until < clock_timestamp() - interval '1 minute';
    -- The first (partitions modulo instances) by name have one more.
    SELECT total / alive + CASE WHEN place <= total % alive THEN 1 ELSE 0 END INTO share
    FROM (SELECT r.instance, row_number() OVER (ORDER BY r.instance) AS place, count(*) OVER () AS alive,
                 (SELECT count(*) FROM partition_lease) AS total
          FROM replica AS r WHERE r.until >= clock_timestamp()) AS living
    WHERE living.instance = me;
    mine := ARRAY(SELECT l.partition FROM partition_lease AS l WHERE l.owner = me ORDER BY l.partition);
    IF cardinality(mine) <> share THEN
        UPDATE partition_lease AS l SET owner = NULL WHERE l.partition = ANY (mine[share + 1:]);
        UPDATE partition_lease AS l SET owner = me
        WHERE l.partition IN (
            SELECT free.partition FROM partition_lease AS free
            WHERE NOT EXISTS (SELECT 1 FROM replica AS r
                              WHERE r.instance = free.owner AND r.until >= clock_timestamp())
            ORDER BY free.partition DESC LIMIT GREATEST(share - cardinality(mine), 0));
        mine := ARRAY(SELECT l.partition FROM partition_lease AS l WHERE l.owner = me ORDER BY l.partition);
    END IF;
    RETURN mine;
END $$;

-- Where to resume in the stream, by partition: everything of `producers` up to `stream_seq` of the stream created at
-- `stream_created` has been judged. An economy, not a truth: written now and then, outside any other transaction.
CREATE TABLE reader_cursor (
    partition smallint PRIMARY KEY,
    producers text NOT NULL,
    stream_created text NOT NULL,
    stream_seq bigint NOT NULL
) WITH (fillfactor = 20);

-- Partitions of producers that are not followed any further until an operator decides.
CREATE TABLE fork (
    producer text NOT NULL,
    partition smallint NOT NULL,
    -- `behind`: the producer's log ends before our number; `other`: another link at our number; `broken`: its next
    -- event does not link to the one before.
    kind text NOT NULL CHECK (kind IN ('behind', 'other', 'broken')),
    -- Where we stand.
    seq bigint NOT NULL,
    hash bytea NOT NULL,
    -- Where we would go on if the producer's history is accepted.
    resume_seq bigint NOT NULL,
    resume_hash bytea NOT NULL,
    -- By the database's clock.
    found_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (producer, partition)
);

-- What operators decided about this log, and why. The event that tells of it names the row; a reason may hold what no
-- event may.
CREATE TABLE operator_decision (
    decision_id uuid PRIMARY KEY,
    decided_at timestamptz NOT NULL,
    actor text NOT NULL,
    what text NOT NULL CHECK (what IN ('skip', 'recheck', 'accept', 'detach', 'attach')),
    subject text NOT NULL,
    reason text NOT NULL
);
-- The list of decisions, newest first.
CREATE INDEX operator_decision_decided_at_idx ON operator_decision (decided_at DESC, decision_id DESC);

-- What a parked event failed of: a list of {reason, times, first_at, last_at}, oldest first, the last twenty.
ALTER TABLE parked_event ADD COLUMN failures jsonb NOT NULL DEFAULT '[]';
