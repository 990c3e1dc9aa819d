//! `/desk/hand-in`: writing down what came by phone, at the counter or by letter.

use crate::{
    app::App,
    desk::lists::me,
    form::Form,
    hand_in, load,
    public::hand_in::{HandInView, ReceiptView},
    refusal::{Refusal, status},
    session::Staff,
    typed::Typed,
    view::door::Door,
};
use axum::{
    extract::State,
    http::{StatusCode, Uri},
    response::Response,
};
use chrono::{NaiveDateTime, TimeZone as _};
use kit_core::Problem;
use serde::Serialize;
use serde_json::{Map, Value};

/// The choice of a branch, where none is chosen yet.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct BranchView {
    pub(crate) doors: Vec<Door>,
}

pub(crate) async fn show(State(app): State<App>, staff: Staff, uri: Uri) -> Result<Response, Refusal> {
    let query = Form::parse(uri.query().unwrap_or_default().as_bytes())?;
    let unit = query.get("unit");
    let (doors, name) = tokio::join!(load::doors(&app, &staff.asker, unit), me(&staff));
    let mut doors: Vec<_> = doors?.into_iter().map(Door::from).collect();
    doors.dedup_by(|a, b| a.unit_id == b.unit_id);
    let mut shell = staff.shell(&name);
    if unit.is_empty() && doors.len() != 1 {
        return Ok(app.page(StatusCode::OK, "desk/branches.html", &shell, &BranchView { doors }));
    }
    let door = doors.into_iter().next().ok_or_else(unknown)?;
    shell.switch = format!("/desk/hand-in?unit={}", door.unit_id);
    let view = HandInView::new(door, Typed::new("hand-in", app.request_id()), true);
    Ok(app.page(StatusCode::OK, "desk/hand_in.html", &shell, &view))
}

pub(crate) async fn send(State(app): State<App>, staff: Staff, form: Form) -> Result<Response, Refusal> {
    staff.check(&form)?;
    let (doors, name) = tokio::join!(load::doors(&app, &staff.asker, form.get("unit_id")), me(&staff));
    let door = doors?.into_iter().next().map(Door::from).ok_or_else(unknown)?;
    let shell = staff.shell(&name);
    let result = match body(&app, &form) {
        Ok(body) => hand_in::give(&staff.asker, form.get("request_id"), body).await,
        Err(problem) => Err(problem),
    };
    Ok(match result {
        Ok(receipt) => {
            let is_anonymous = form.get("is_anonymous") == "true";
            let view = ReceiptView { receipt, unit_name: door.unit_name, is_anonymous, is_desk: true };
            app.page(StatusCode::OK, "public/receipt.html", &shell, &view)
        }
        Err(problem) => {
            let code = status(&problem);
            let request_id = app.next_request_id(form.get("request_id"), &problem);
            let view = HandInView::new(door, Typed::refused("hand-in", &form, request_id, problem), true);
            app.page(code, "desk/hand_in.html", &shell, &view)
        }
    })
}

/// The form as a body; the browser's local time of arrival becomes an instant of the installation's zone.
fn body(app: &App, form: &Form) -> Result<Map<String, Value>, Problem> {
    let mut body = form.to_json()?;
    if let Some(typed) = body.get("received_at").and_then(Value::as_str) {
        let local = NaiveDateTime::parse_from_str(typed, "%Y-%m-%dT%H:%M").ok();
        let at = local.and_then(|local| app.settings.zone.from_local_datetime(&local).earliest());
        let at = at.ok_or_else(|| {
            Problem::field(
                "received_at",
                "not-a-time",
                "时间格式应为 2026-11-21T14:05",
                "Give the time as 2026-11-21T14:05",
            )
        })?;
        body.insert("received_at".to_owned(), Value::from(at.to_rfc3339()));
    }
    Ok(body)
}

fn unknown() -> Problem {
    Problem::not_found("unknown-branch", "没有这个受理单位", "There is no such branch")
}
