//! The tables of tasks and of the tries at them.

use crate::domain::{PlannedTask, Task, task::Attempt};
use chrono::{DateTime, Utc};
use kit_core::Text;
use kit_db::Result;
use kit_grpc::page::After;
use kit_ids::{CaseId, TaskId};
use sqlx::{PgConnection, PgPool, types::Json};
use uuid::Uuid;

#[derive(sqlx::FromRow)]
struct Row {
    task_id: Uuid,
    case_id: Uuid,
    unit_id: String,
    purpose: String,
    title: Json<Text>,
    ways: Vec<String>,
    role: String,
    is_callback: bool,
    state: String,
    opened_at: DateTime<Utc>,
}

impl From<Row> for Task {
    fn from(row: Row) -> Self {
        Self {
            task_id: TaskId::new(row.task_id),
            case_id: CaseId::new(row.case_id),
            unit_id: row.unit_id,
            purpose: row.purpose,
            title: row.title.0,
            ways: row.ways,
            role: row.role,
            is_callback: row.is_callback,
            state: row.state,
            opened_at: row.opened_at,
        }
    }
}

/// A task that is about to be opened.
pub(crate) struct NewTask {
    pub(crate) task_id: TaskId,
    pub(crate) case_id: CaseId,
    pub(crate) unit_id: String,
    pub(crate) planned: PlannedTask,
}

/// Opens the tasks that are not there yet, in one statement, and says which were new.
pub(crate) async fn insert(conn: &mut PgConnection, tasks: &[NewTask], now: DateTime<Utc>) -> Result<Vec<TaskId>> {
    if tasks.is_empty() {
        return Ok(Vec::new());
    }
    let planned = || tasks.iter().map(|t| &t.planned);
    let new: Vec<Uuid> = sqlx::query_scalar(
        "INSERT INTO tasks (task_id, case_id, unit_id, dedupe_key, purpose, title, ways, role, is_callback, state, opened_at)
         SELECT task_id, case_id, unit_id, dedupe_key, purpose, title, ARRAY(SELECT jsonb_array_elements_text(ways)), role,
                is_callback, 'open', $10
         FROM UNNEST($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::jsonb[], $7::jsonb[], $8::text[],
                     $9::boolean[])
             AS u (task_id, case_id, unit_id, dedupe_key, purpose, title, ways, role, is_callback)
         ON CONFLICT (dedupe_key) DO NOTHING RETURNING task_id",
    )
    .bind(tasks.iter().map(|t| t.task_id.uuid()).collect::<Vec<_>>())
    .bind(tasks.iter().map(|t| t.case_id.uuid()).collect::<Vec<_>>())
    .bind(tasks.iter().map(|t| t.unit_id.as_str()).collect::<Vec<_>>())
    .bind(planned().map(|t| t.dedupe_key.as_str()).collect::<Vec<_>>())
    .bind(planned().map(|t| t.purpose.as_str()).collect::<Vec<_>>())
    .bind(planned().map(|t| Json(&t.title)).collect::<Vec<_>>())
    .bind(planned().map(|t| Json(&t.ways)).collect::<Vec<_>>())
    .bind(planned().map(|t| t.role.as_str()).collect::<Vec<_>>())
    .bind(planned().map(|t| t.is_callback).collect::<Vec<_>>())
    .bind(now)
    .fetch_all(conn)
    .await?;
    Ok(new.into_iter().map(TaskId::new).collect())
}

/// Calls off the open tasks of cases that have ended.
pub(crate) async fn drop_open(conn: &mut PgConnection, cases: &[CaseId], now: DateTime<Utc>) -> Result<()> {
    sqlx::query("UPDATE tasks SET state = 'dropped', done_at = $2 WHERE case_id = ANY($1) AND state = 'open'")
        .bind(cases.iter().map(|id| id.uuid()).collect::<Vec<_>>())
        .bind(now)
        .execute(conn)
        .await?;
    Ok(())
}

/// The case of a task.
pub(crate) async fn case_of(conn: &mut PgConnection, id: TaskId) -> Result<Option<CaseId>> {
    let case: Option<Uuid> =
        sqlx::query_scalar("SELECT case_id FROM tasks WHERE task_id = $1").bind(id.uuid()).fetch_optional(conn).await?;
    Ok(case.map(CaseId::new))
}

/// One task under lock. Its case is locked before it, here and where events are taken in.
pub(crate) async fn lock(conn: &mut PgConnection, id: TaskId) -> Result<Option<Task>> {
    let row: Option<Row> = sqlx::query_as(
        "SELECT task_id, case_id, unit_id, purpose, title, ways, role, is_callback, state, opened_at
         FROM tasks WHERE task_id = $1 FOR UPDATE",
    )
    .bind(id.uuid())
    .fetch_optional(conn)
    .await?;
    Ok(row.map(Task::from))
}

/// Keeps a try; one that reached the complainant also ends the task.
pub(crate) async fn tried(
    conn: &mut PgConnection,
    id: TaskId,
    attempt: &Attempt,
    staff: &str,
    now: DateTime<Utc>,
) -> Result<()> {
    sqlx::query(
        "INSERT INTO task_attempts (task_id, no, way, is_reached, satisfaction, record_ref, staff_id, at)
         SELECT $1, 1 + count(*), $2, $3, $4, $5, $6, $7 FROM task_attempts WHERE task_id = $1",
    )
    .bind(id.uuid())
    .bind(&attempt.way)
    .bind(attempt.is_reached)
    .bind(&attempt.satisfaction)
    .bind(attempt.record.map(String::from).unwrap_or_default())
    .bind(staff)
    .bind(now)
    .execute(&mut *conn)
    .await?;
    if attempt.is_reached {
        sqlx::query("UPDATE tasks SET state = 'done', done_at = $2 WHERE task_id = $1")
            .bind(id.uuid())
            .bind(now)
            .execute(conn)
            .await?;
    }
    Ok(())
}

/// The tasks of one case, oldest first.
pub(crate) async fn of_case(pool: &PgPool, case: CaseId) -> Result<Vec<Task>> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT task_id, case_id, unit_id, purpose, title, ways, role, is_callback, state, opened_at
         FROM tasks WHERE case_id = $1 AND state <> 'dropped' ORDER BY opened_at, task_id",
    )
    .bind(case.uuid())
    .fetch_all(pool)
    .await?;
    Ok(rows.into_iter().map(Task::from).collect())
}

/// Open tasks whose role `staff` holds where the case is (`roles` and `units` are pairs), or whose role the case itself
/// gives `staff`, oldest first. Cases that `staff` must not know of are not there.
pub(crate) async fn mine(
    pool: &PgPool,
    staff: &str,
    roles: &[String],
    units: &[String],
    after: Option<After>,
    limit: i64,
) -> Result<Vec<Task>> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT t.task_id, t.case_id, t.unit_id, t.purpose, t.title, t.ways, t.role, t.is_callback, t.state, t.opened_at
         FROM tasks t JOIN cases c ON c.case_id = t.case_id
         WHERE t.state = 'open' AND NOT $1 = ANY(c.excluded)
           AND ((t.role = 'handler' AND c.view->>'handler' = $1)
                OR (t.role = 'first-contact' AND c.view->>'first_contact' = $1)
                OR (t.role = 'team' AND EXISTS (SELECT 1 FROM jsonb_each(c.view->'teams') AS g WHERE g.value ? $1))
                OR EXISTS (SELECT 1 FROM UNNEST($2::text[], $3::text[]) AS g (role, unit_id)
                           WHERE g.role = t.role AND g.unit_id IN (t.unit_id, c.view->>'handling_unit_id')))
           AND ($4::timestamptz IS NULL OR (t.opened_at, t.task_id) > ($4, $5::uuid))
         ORDER BY t.opened_at, t.task_id LIMIT $6",
    )
    .bind(staff)
    .bind(roles)
    .bind(units)
    .bind(after.map(|a| a.at))
    .bind(after.map(|a| a.id))
    .bind(limit)
    .fetch_all(pool)
    .await?;
    Ok(rows.into_iter().map(Task::from).collect())
}
