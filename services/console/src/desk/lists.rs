//! `/desk/cases`: all cases I may see, searched and narrowed.

use crate::{
    app::App,
    form::Form,
    load,
    refusal::Refusal,
    session::Staff,
    view::lists::Cases,
    words::Named,
};
use axum::{
    extract::State,
    http::{StatusCode, Uri},
    response::Response,
};
use contracts::{assignment, records};
use serde::Serialize;

#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct CasesView {
    pub(crate) list: Cases,
    pub(crate) units: Vec<Named>,
    pub(crate) unit: String,
    pub(crate) state: String,
    pub(crate) search: String,
}

/// The name of the person signed in; a dash where nobody can say.
pub(crate) async fn my_name(staff: &Staff) -> String {
    let me = staff.asker.get_me(assignment::GetMeRequest {}).await;
    me.ok().and_then(|me| me.staff).map(|staff| staff.name).unwrap_or_default()
}

pub(crate) async fn show(State(app): State<App>, staff: Staff, uri: Uri) -> Result<Response, Refusal> {
    let query = Form::parse(uri.query().unwrap_or_default().as_bytes())?;
    let wanted = records::ListCasesRequest {
        unit_id: query.get("unit").to_owned(),
        state: query.get("state").to_owned(),
        severity: query.get("severity").to_owned(),
        search: query.get("search").trim().to_owned(),
        page_size: 0,
        page_token: query.get("page").to_owned(),
    };
    let (list, units, name) =
        tokio::join!(load::cases(&app, &staff.asker, wanted), load::units(&app, &staff.asker), my_name(&staff));
    let view = CasesView {
        list: list?,
        units,
        unit: query.get("unit").to_owned(),
        state: query.get("state").to_owned(),
        search: query.get("search").to_owned(),
    };
    Ok(app.page(StatusCode::OK, "desk/cases.html", &staff.shell(&name), &view))
}
