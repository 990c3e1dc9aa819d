//! `/desk/cases/{case_id}/joint`: a case together with those that it is linked to, for whoever may read them all.

use crate::{app::App, desk::lists::me, load, refusal::Refusal, render::Shell, session::Staff, view::linked::Joint};
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use serde::Serialize;

#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct JointView {
    pub(crate) joint: Joint,
}

pub(crate) async fn show(
    State(app): State<App>,
    staff: Staff,
    Path(case_id): Path<String>,
) -> Result<Response, Refusal> {
    let (joint, me) = tokio::join!(load::linked::joint(&app, &staff.asker, &case_id), me(&staff));
    let shell = Shell { switch: format!("/desk/cases/{case_id}/joint"), ..staff.shell(&me) };
    Ok(app.page(StatusCode::OK, "desk/joint.html", &shell, &JointView { joint: joint? }))
}
