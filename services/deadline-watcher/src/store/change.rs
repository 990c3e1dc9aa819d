//! The tables of calendar changes: what was proposed and decided, how far the walk through each shard is, and what moves.

use crate::domain::Watched;
use crate::restate::Move;
use chrono::{DateTime, Utc};
use kit_db::Result;
use kit_messaging::PARTITIONS;
use sqlx::{PgConnection, PgExecutor, PgPool};
use uuid::Uuid;

/// A change as it stands.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(crate) struct Change {
    pub(crate) change_id: Uuid,
    pub(crate) calendar_id: String,
    pub(crate) body: String,
    pub(crate) base_version: i32,
    pub(crate) state: String,
    pub(crate) proposed_at: DateTime<Utc>,
    pub(crate) proposed_by: String,
    pub(crate) reason: String,
    pub(crate) decided_at: Option<DateTime<Utc>>,
    pub(crate) decided_by: Option<String>,
    pub(crate) version: Option<i32>,
    pub(crate) days: Vec<String>,
}

/// A change with what its walk has found; its body is empty, for a list may be long.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(crate) struct Listed {
    #[sqlx(flatten)]
    pub(crate) change: Change,
    #[sqlx(flatten)]
    pub(crate) found: Found,
}

/// The way of a change through one shard.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(crate) struct Stretch {
    #[sqlx(flatten)]
    pub(crate) change: Change,
    pub(crate) shard: i16,
    pub(crate) last_case: Option<Uuid>,
}

/// What a walk has found so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, sqlx::FromRow)]
pub(crate) struct Found {
    pub(crate) cases: i64,
    pub(crate) moved_cases: i64,
    pub(crate) earlier: i64,
    pub(crate) later: i64,
    pub(crate) breaches_made: i64,
    pub(crate) breaches_undone: i64,
    pub(crate) notices: i64,
}

/// Notes a proposal.
pub(crate) async fn propose(conn: &mut PgConnection, change: &Change) -> Result<()> {
    sqlx::query(
        "INSERT INTO calendar_change (change_id, calendar_id, body, base_version, state, proposed_at, proposed_by, reason,
                                      days)
         VALUES ($1, $2, $3, $4, 'checking', $5, $6, $7, $8)",
    )
    .bind(change.change_id)
    .bind(&change.calendar_id)
    .bind(&change.body)
    .bind(change.base_version)
    .bind(change.proposed_at)
    .bind(&change.proposed_by)
    .bind(&change.reason)
    .bind(&change.days)
    .execute(&mut *conn)
    .await?;
    set_out(conn, change.change_id).await
}

/// Puts the walk of a change before the first case of every shard.
async fn set_out(conn: &mut PgConnection, id: Uuid) -> Result<()> {
    sqlx::query("DELETE FROM calendar_walk WHERE change_id = $1").bind(id).execute(&mut *conn).await?;
    sqlx::query(
        "INSERT INTO calendar_walk (change_id, shard) SELECT $1, shard FROM generate_series(0, $2 - 1) AS shard",
    )
    .bind(id)
    .bind(i32::from(PARTITIONS))
    .execute(conn)
    .await?;
    Ok(())
}

/// All changes, the latest first.
pub(crate) async fn list(pool: &PgPool) -> Result<Vec<Listed>> {
    let changes = sqlx::query_as(
        "SELECT c.change_id, c.calendar_id, '' AS body, c.base_version, c.state, c.proposed_at, c.proposed_by, c.reason,
                c.decided_at, c.decided_by, c.version, c.days, w.*
         FROM calendar_change AS c
         CROSS JOIN LATERAL (
             SELECT coalesce(sum(cases), 0)::bigint AS cases, coalesce(sum(moved_cases), 0)::bigint AS moved_cases,
                    coalesce(sum(earlier), 0)::bigint AS earlier, coalesce(sum(later), 0)::bigint AS later,
                    coalesce(sum(breaches_made), 0)::bigint AS breaches_made,
                    coalesce(sum(breaches_undone), 0)::bigint AS breaches_undone,
                    coalesce(sum(notices), 0)::bigint AS notices
             FROM calendar_walk WHERE calendar_walk.change_id = c.change_id
         ) AS w
         ORDER BY c.proposed_at DESC, c.change_id DESC LIMIT 500",
    );
    Ok(changes.fetch_all(pool).await?)
}

/// The calendar that a change is about.
pub(crate) async fn calendar_of(pool: &PgPool, id: Uuid) -> Result<Option<String>> {
    let calendar = sqlx::query_scalar("SELECT calendar_id FROM calendar_change WHERE change_id = $1");
    Ok(calendar.bind(id).fetch_optional(pool).await?)
}

/// Locks one change, but not against the walk, which refers to it.
pub(crate) async fn lock(conn: &mut PgConnection, id: Uuid) -> Result<Option<Change>> {
    let change = sqlx::query_as("SELECT * FROM calendar_change WHERE change_id = $1 FOR NO KEY UPDATE");
    Ok(change.bind(id).fetch_optional(conn).await?)
}

/// Whether this text was proposed before, whatever became of it.
pub(crate) async fn is_known(conn: &mut PgConnection, calendar_id: &str, body: &str) -> Result<bool> {
    let known = sqlx::query_scalar("SELECT EXISTS (SELECT FROM calendar_change WHERE calendar_id = $1 AND body = $2)");
    Ok(known.bind(calendar_id).bind(body).fetch_one(conn).await?)
}

/// Ends the waiting of a change: it moves under its version, or it is withdrawn.
pub(crate) async fn decide(
    conn: &mut PgConnection,
    id: Uuid,
    version: Option<i32>,
    by: &str,
    at: DateTime<Utc>,
) -> Result<()> {
    sqlx::query(
        "UPDATE calendar_change SET state = CASE WHEN $2 IS NULL THEN 'withdrawn' ELSE 'moving' END, version = $2,
             decided_by = $3, decided_at = $4
         WHERE change_id = $1",
    )
    .bind(id)
    .bind(version)
    .bind(by)
    .bind(at)
    .execute(&mut *conn)
    .await?;
    set_out(conn, id).await
}

/// Whether a walk is to be gone on with.
pub(crate) async fn is_any_open(db: impl PgExecutor<'_>) -> Result<bool> {
    let open = sqlx::query_scalar("SELECT EXISTS (SELECT FROM calendar_change WHERE state IN ('checking', 'moving'))");
    Ok(open.fetch_one(db).await?)
}

/// Locks a shard through which a change has still to go and nobody goes now; what is decided goes first.
pub(crate) async fn claim(conn: &mut PgConnection) -> Result<Option<Stretch>> {
    let stretch = sqlx::query_as(
        "SELECT c.*, w.shard, w.last_case FROM calendar_change AS c JOIN calendar_walk AS w USING (change_id)
         WHERE c.state IN ('checking', 'moving') AND NOT w.is_done
         ORDER BY c.state = 'checking', c.proposed_at, w.shard LIMIT 1 FOR UPDATE OF w SKIP LOCKED",
    );
    Ok(stretch.fetch_optional(conn).await?)
}

/// The ids of the next running cases of the stretch, at most `limit`.
pub(crate) async fn next_cases(conn: &mut PgConnection, stretch: &Stretch, limit: i64) -> Result<Vec<Uuid>> {
    let ids = sqlx::query_scalar(
        "SELECT case_id FROM cases WHERE is_running AND shard = $1 AND case_id > $2 ORDER BY case_id LIMIT $3",
    );
    let after = stretch.last_case.unwrap_or(Uuid::nil());
    Ok(ids.bind(stretch.shard).bind(after).bind(limit).fetch_all(conn).await?)
}

/// Notes how far the walk is in the shard; where it has no next case it is done there.
pub(crate) async fn walked(
    conn: &mut PgConnection,
    stretch: &Stretch,
    last: Option<Uuid>,
    found: &Found,
) -> Result<()> {
    sqlx::query(
        "UPDATE calendar_walk SET last_case = coalesce($3, last_case), is_done = $3 IS NULL,
             cases = cases + $4, moved_cases = moved_cases + $5, earlier = earlier + $6, later = later + $7,
             breaches_made = breaches_made + $8, breaches_undone = breaches_undone + $9, notices = notices + $10
         WHERE change_id = $1 AND shard = $2",
    )
    .bind(stretch.change.change_id)
    .bind(stretch.shard)
    .bind(last)
    .bind(found.cases)
    .bind(found.moved_cases)
    .bind(found.earlier)
    .bind(found.later)
    .bind(found.breaches_made)
    .bind(found.breaches_undone)
    .bind(found.notices)
    .execute(conn)
    .await?;
    Ok(())
}

/// Ends the changes that have gone through every shard; answers whether there were any.
pub(crate) async fn arrive(db: impl PgExecutor<'_>) -> Result<bool> {
    let arrived = sqlx::query(
        "UPDATE calendar_change AS c SET state = CASE WHEN state = 'checking' THEN 'checked' ELSE 'done' END
         WHERE state IN ('checking', 'moving')
           AND NOT EXISTS (SELECT FROM calendar_walk AS w WHERE w.change_id = c.change_id AND NOT w.is_done)",
    );
    Ok(arrived.execute(db).await?.rows_affected() > 0)
}

/// Notes what moves, or has moved.
pub(crate) async fn note(conn: &mut PgConnection, id: Uuid, moves: &[(&Watched, Move)], is_done: bool) -> Result<()> {
    if moves.is_empty() {
        return Ok(());
    }
    let number = |n: u32| i32::try_from(n).unwrap_or(i32::MAX);
    sqlx::query(
        "INSERT INTO calendar_move AS m (change_id, case_id, clock, run, due_before, due_after, breach, notices, is_done)
         SELECT $1, u.*, $9 FROM UNNEST($2::uuid[], $3::text[], $4::integer[], $5::timestamptz[], $6::timestamptz[],
                                        $7::text[], $8::integer[]) AS u
         ON CONFLICT (change_id, case_id, clock, run) DO UPDATE SET due_before = EXCLUDED.due_before,
             due_after = EXCLUDED.due_after, breach = EXCLUDED.breach, notices = EXCLUDED.notices,
             is_done = EXCLUDED.is_done",
    )
    .bind(id)
    .bind(moves.iter().map(|(case, _)| case.case_id.uuid()).collect::<Vec<_>>())
    .bind(moves.iter().map(|(_, one)| one.clock.as_str()).collect::<Vec<_>>())
    .bind(moves.iter().map(|(_, one)| number(one.run)).collect::<Vec<_>>())
    .bind(moves.iter().map(|(_, one)| one.before).collect::<Vec<_>>())
    .bind(moves.iter().map(|(_, one)| one.after).collect::<Vec<_>>())
    .bind(moves.iter().map(|(_, one)| one.breach.map_or("", |breach| breach.word())).collect::<Vec<_>>())
    .bind(moves.iter().map(|(_, one)| number(one.notices)).collect::<Vec<_>>())
    .bind(is_done)
    .execute(conn)
    .await?;
    Ok(())
}

/// A move as it is listed.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(crate) struct Moved {
    pub(crate) case_id: Uuid,
    pub(crate) clock: String,
    pub(crate) run: i32,
    pub(crate) due_before: DateTime<Utc>,
    pub(crate) due_after: DateTime<Utc>,
    pub(crate) breach: String,
    pub(crate) notices: i32,
}

/// The moves of a change after a place, in the order of their cases: what would move, and once it is approved what has.
pub(crate) async fn moves(pool: &PgPool, id: Uuid, after: &(Uuid, String, i32), limit: i64) -> Result<Vec<Moved>> {
    let moves = sqlx::query_as(
        "SELECT case_id, clock, run, due_before, due_after, breach, notices FROM calendar_move
         WHERE change_id = $1
           AND is_done = (SELECT state IN ('moving', 'done') FROM calendar_change WHERE change_id = $1)
           AND (case_id, clock, run) > ($2, $3, $4) ORDER BY case_id, clock, run LIMIT $5",
    );
    Ok(moves.bind(id).bind(after.0).bind(&after.1).bind(after.2).bind(limit).fetch_all(pool).await?)
}
