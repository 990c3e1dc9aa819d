//! The staff's part of the API; every call needs a bearer token.

use super::{
    caller::{Key, Signed},
    ok,
};
use crate::{
    app::App,
    body::{Checked, Field, Json, Kind, may, must, query},
    command, load,
    refusal::Refusal,
    view::{case::Entry, queue},
};
use axum::{
    extract::{Path, State},
    http::Uri,
    response::Response,
};
use contracts::{assignment, intake, notification, records};
use serde_json::{Value, json};

const SIZE: Field = may("page_size", Kind::Number, "Rows of one page");
const PAGE: Field = may("page_token", Kind::Text, "`next_page_token` of the page before");
const UNIT: Field = may("unit", Kind::Text, "A unit and what is below it");
pub(crate) const CASES: &[Field] = &[
    UNIT,
    may("state", Kind::Text, "`open` or `closed`; all where none is given"),
    may("severity", Kind::Text, "A severity"),
    may("search", Kind::Text, "Part of a number"),
    SIZE,
    PAGE,
];
pub(crate) const LATE: &[Field] = &[UNIT, PAGE];
pub(crate) const STATISTICS: &[Field] = &[UNIT, must("month", Kind::Text, "Such as `2026-11`")];
pub(crate) const TASKS: &[Field] = &[may("case_id", Kind::Text, "Of one case; mine where none is given"), SIZE, PAGE];
pub(crate) const READ: &[Field] = &[
    may("ref_ids", Kind::Texts, "Which texts; the subject, narrative and supplements where none is given"),
    may("reason", Kind::Text, "Needed where you do not handle the case"),
];
pub(crate) const REVEAL: &[Field] = &[
    must("field", Kind::Text, "`name`, `phone`, `email` or `address`"),
    must("reason", Kind::Text, "Why; it is written down"),
];

fn size(query: &Checked) -> i32 {
    i32::try_from(query.number("page_size")).unwrap_or(i32::MAX)
}

/// A member of staff as the API shows one.
pub(crate) fn person(staff: &assignment::Staff) -> Value {
    let grants: Vec<_> = staff.grants.iter().map(|g| json!({"role": g.role, "unit_id": g.unit_id})).collect();
    json!({
        "staff_id": staff.staff_id, "login": staff.login, "name": staff.name, "email": staff.email,
        "is_active": staff.is_active, "grants": grants,
    })
}

pub(crate) async fn me(Signed(asker): Signed) -> Result<Response, Refusal> {
    let me = asker.get_me(assignment::GetMeRequest {}).await?;
    Ok(ok(&person(&me.staff.unwrap_or_default())))
}

pub(crate) async fn units(Signed(asker): Signed) -> Result<Response, Refusal> {
    let units = asker.list_units(assignment::ListUnitsRequest {}).await?.units;
    let unit = |u: assignment::Unit| {
        json!({
            "unit_id": u.unit_id, "parent_id": u.parent_id, "kind": u.kind, "zone": u.zone, "is_closed": u.is_closed,
            "name": crate::convert::text(u.name),
        })
    };
    Ok(ok(&json!({"units": units.into_iter().map(unit).collect::<Vec<_>>()})))
}

pub(crate) async fn queue(State(app): State<App>, Signed(asker): Signed) -> Result<Response, Refusal> {
    Ok(ok(&load::queue::queue(&app, &asker).await?))
}

pub(crate) async fn cases(State(app): State<App>, Signed(asker): Signed, uri: Uri) -> Result<Response, Refusal> {
    let query = query(CASES, &uri)?;
    let wanted = records::ListCasesRequest {
        unit_id: query.text("unit"),
        state: query.text("state"),
        severity: query.text("severity"),
        search: query.text("search"),
        page_size: size(&query),
        page_token: query.text("page_token"),
    };
    Ok(ok(&load::lists::cases(&app, &asker, wanted).await?))
}

pub(crate) async fn case(
    State(app): State<App>,
    Signed(asker): Signed,
    Path(case_id): Path<String>,
) -> Result<Response, Refusal> {
    Ok(ok(&load::case::case(&app, &asker, &case_id, None).await?))
}

pub(crate) async fn joint(
    State(app): State<App>,
    Signed(asker): Signed,
    Path(case_id): Path<String>,
) -> Result<Response, Refusal> {
    Ok(ok(&load::linked::joint(&app, &asker, &case_id).await?))
}

pub(crate) async fn timeline(Signed(asker): Signed, Path(case_id): Path<String>) -> Result<Response, Refusal> {
    let dossier = asker.get_dossier(records::GetDossierRequest { case_id, ..Default::default() }).await?;
    let entries: Vec<_> = dossier.entries.into_iter().map(Entry::from).collect();
    Ok(ok(&json!({"case_id": dossier.case_id, "number": dossier.number, "entries": entries})))
}

pub(crate) async fn clocks(
    State(app): State<App>,
    Signed(asker): Signed,
    Path(case_id): Path<String>,
) -> Result<Response, Refusal> {
    Ok(ok(&json!({"clocks": load::case::clocks(&app, &asker, &case_id).await?})))
}

pub(crate) async fn read_texts(
    Signed(asker): Signed,
    Path(case_id): Path<String>,
    Json(body): Json,
) -> Result<Response, Refusal> {
    let body = Checked::new(READ, body)?;
    let texts = load::case::read_texts(&asker, &case_id, body.texts("ref_ids"), &body.text("reason")).await?;
    Ok(ok(&json!({"texts": texts})))
}

pub(crate) async fn reveal(
    Signed(asker): Signed,
    Path(case_id): Path<String>,
    Json(body): Json,
) -> Result<Response, Refusal> {
    let body = Checked::new(REVEAL, body)?;
    let (field, reason) = (body.text("field"), body.text("reason"));
    let value = asker.reveal_identity(intake::RevealIdentityRequest { case_id, field, reason }).await?.value;
    Ok(ok(&json!({"value": value})))
}

/// Gives the command `name`.
pub(crate) async fn give(
    name: &'static str,
    (Signed(asker), Path(case_id), Key(key), Json(body)): (Signed, Path<String>, Key, Json),
) -> Result<Response, Refusal> {
    Ok(ok(&command::give::give(&asker, &case_id, name, &key, body).await?))
}

pub(crate) async fn tasks(State(app): State<App>, Signed(asker): Signed, uri: Uri) -> Result<Response, Refusal> {
    let query = query(TASKS, &uri)?;
    let message = notification::ListTasksRequest {
        case_id: query.text("case_id"),
        page_size: size(&query),
        page_token: query.text("page_token"),
    };
    let list = asker.list_tasks(message).await?;
    let tasks: Vec<_> = list.tasks.into_iter().map(|task| queue::task(task, &app.words)).collect();
    Ok(ok(&json!({"tasks": tasks, "next_page_token": list.next_page_token})))
}

pub(crate) async fn late(State(app): State<App>, Signed(asker): Signed, uri: Uri) -> Result<Response, Refusal> {
    let query = query(LATE, &uri)?;
    Ok(ok(&load::lists::late(&app, &asker, &query.text("unit"), &query.text("page_token")).await?))
}

pub(crate) async fn statistics(State(app): State<App>, Signed(asker): Signed, uri: Uri) -> Result<Response, Refusal> {
    let query = query(STATISTICS, &uri)?;
    Ok(ok(&load::lists::statistics(&app, &asker, &query.text("unit"), &query.text("month")).await?))
}
