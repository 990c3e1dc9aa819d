//! `/desk/late`: what is late, by unit.

use crate::{
    app::App, desk::lists::me, form::Form, load, refusal::Refusal, session::Staff, view::lists::Late, words::Named,
};
use axum::{
    extract::State,
    http::{StatusCode, Uri},
    response::Response,
};
use serde::Serialize;

#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct LateView {
    pub(crate) list: Late,
    pub(crate) units: Vec<Named>,
    pub(crate) unit: String,
}

pub(crate) async fn show(State(app): State<App>, staff: Staff, uri: Uri) -> Result<Response, Refusal> {
    let query = Form::parse(uri.query().unwrap_or_default().as_bytes())?;
    let (unit, page) = (query.get("unit"), query.get("page"));
    let (list, units, name) = tokio::join!(
        load::lists::late(&app, &staff.asker, unit, page),
        load::units(&app, &staff.asker),
        me(&staff)
    );
    let view = LateView { list: list?, units, unit: unit.to_owned() };
    Ok(app.page(StatusCode::OK, "desk/late.html", &staff.shell(&name), &view))
}
