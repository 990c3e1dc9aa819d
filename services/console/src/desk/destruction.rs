//! `/desk/destruction`: files whose time is over and of which I decide, each with its form.

use crate::{
    app::App,
    convert::{at, text},
    desk::lists::me,
    form::Form,
    load::PAGE,
    refusal::{Refusal, status},
    session::Staff,
    typed::Typed,
    words::Named,
};
use axum::{
    extract::{Path, State},
    http::{StatusCode, Uri},
    response::{IntoResponse, Redirect, Response},
};
use chrono::{DateTime, Utc};
use contracts::records::{ApproveDestructionRequest, ListDestructionsRequest, ProposedDestruction};
use kit_core::{Problem, Text};
use serde::Serialize;

#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct DestructionView {
    pub(crate) files: Vec<File>,
    pub(crate) next_page_token: String,
    /// What has just been decided: `ordered`, or `refused`.
    pub(crate) done: String,
    /// A refused form whose file is not on this page.
    pub(crate) refused: Option<Typed>,
}

/// A file that was proposed for destruction.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct File {
    pub(crate) case_id: String,
    pub(crate) number: String,
    pub(crate) unit: Named,
    pub(crate) regime: Text,
    pub(crate) received_at: Option<DateTime<Utc>>,
    pub(crate) since: String,
    pub(crate) proposed_at: Option<DateTime<Utc>>,
    pub(crate) cite: String,
    pub(crate) typed: Typed,
}

impl File {
    pub(crate) fn new(file: ProposedDestruction, request_id: String) -> Self {
        Self {
            typed: Typed::new(&file.case_id, request_id),
            unit: Named::new(file.unit_id, text(file.unit_name)),
            regime: text(file.regime_title),
            received_at: at(file.received_at),
            proposed_at: at(file.proposed_at),
            case_id: file.case_id,
            number: file.number,
            since: file.since,
            cite: file.cite,
        }
    }
}

pub(crate) async fn list(State(app): State<App>, staff: Staff, uri: Uri) -> Result<Response, Refusal> {
    let query = Form::parse(uri.query().unwrap_or_default().as_bytes())?;
    page(&app, &staff, &query, None).await
}

/// Decides of one file.
pub(crate) async fn send(
    State(app): State<App>,
    staff: Staff,
    Path(case_id): Path<String>,
    form: Form,
) -> Result<Response, Refusal> {
    staff.check(&form)?;
    let answer = match form.get("is_approved") {
        decided @ ("true" | "false") => {
            let is_approved = decided == "true";
            let (request_id, reason) = (form.get("request_id").to_owned(), form.get("reason").to_owned());
            let message = ApproveDestructionRequest { request_id, case_id: case_id.clone(), is_approved, reason };
            staff.asker.approve_destruction(message).await.map(|_| if is_approved { "ordered" } else { "refused" })
        }
        _ => {
            Err(Problem::field("is_approved", "missing-field", "请选择同意或不同意销毁", "Say whether it is destroyed"))
        }
    };
    match answer {
        Ok(done) => Ok(Redirect::to(&format!("/desk/destruction?done={done}")).into_response()),
        Err(problem) => {
            let request_id = app.next_request_id(form.get("request_id"), &problem);
            page(&app, &staff, &Form::default(), Some(Typed::refused(&case_id, &form, request_id, problem))).await
        }
    }
}

async fn page(app: &App, staff: &Staff, query: &Form, refused: Option<Typed>) -> Result<Response, Refusal> {
    let page_token = query.get("page").to_owned();
    let asked = ListDestructionsRequest { unit_id: String::new(), page_size: PAGE, page_token };
    let (list, me) = tokio::join!(staff.asker.list_destructions(asked), me(staff));
    let list = list?;
    let files = list.proposed.into_iter().map(|file| File::new(file, app.request_id())).collect();
    let (next_page_token, done) = (list.next_page_token, query.get("done").to_owned());
    let mut view = DestructionView { files, next_page_token, done, refused: None };
    let code = refused.as_ref().and_then(|typed| typed.problem.as_ref()).map_or(StatusCode::OK, status);
    if let Some(typed) = refused {
        match view.files.iter_mut().find(|file| file.case_id == typed.form) {
            Some(file) => file.typed = typed,
            None => view.refused = Some(typed),
        }
    }
    Ok(app.page(code, "desk/destruction.html", &staff.shell(&me), &view))
}
