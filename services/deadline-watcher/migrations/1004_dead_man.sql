-- Since when a case that is due could not be derived.
ALTER TABLE cases ADD COLUMN stuck_since timestamptz;
CREATE INDEX cases_stuck_idx ON cases (stuck_since) WHERE stuck_since IS NOT NULL;

-- What the dead-man check asks, by Postgres' clock: it may call this and read nothing else. How long each has been wrong,
-- in seconds; null where nothing is.
CREATE FUNCTION dead_man() RETURNS TABLE (check_name text, seconds double precision, cases bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    SELECT 'overdue', extract(epoch FROM clock_timestamp() - min(due.next_at))::double precision, count(*)
    FROM generate_series(0, 15) AS n
    CROSS JOIN LATERAL (
        SELECT next_at FROM cases WHERE shard = n AND next_at < clock_timestamp() ORDER BY next_at LIMIT 1000
    ) AS due
    UNION ALL
    SELECT 'stuck', extract(epoch FROM clock_timestamp() - min(stuck_since))::double precision, count(*)
    FROM cases WHERE stuck_since IS NOT NULL
    UNION ALL
    SELECT 'sweep', extract(epoch FROM clock_timestamp() - max(swept_at))::double precision, 0 FROM clock_mark
    UNION ALL
    -- The present of every replica that is alive, against this clock: one of the two is wrong.
    SELECT 'clock', max(abs(extract(epoch FROM reached - swept_at)))::double precision, 0
    FROM clock_mark WHERE swept_at > clock_timestamp() - interval '1 minute'
    UNION ALL
    SELECT 'held', max(extract(epoch FROM clock_timestamp() - swept_at))::double precision, 0
    FROM clock_mark WHERE is_held AND swept_at > clock_timestamp() - interval '1 minute'
$$;
