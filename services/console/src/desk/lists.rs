//! `/desk/cases`: all cases I may see, searched and narrowed.

use crate::{app::App, form::Form, load, refusal::Refusal, session::Staff, view::lists::Cases, words::Named};
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

/// Who is signed in, as far as the frame of a page shows it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Me {
    pub(crate) staff_id: String,
    pub(crate) name: String,
    pub(crate) is_keeper: bool,
    /// The unit of their first role: what lists begin with where none is chosen.
    pub(crate) unit: String,
}

/// The person signed in; nobody in particular where that cannot be asked.
pub(crate) async fn me(staff: &Staff) -> Me {
    let me = staff.asker.get_me(assignment::GetMeRequest {}).await.ok().and_then(|me| me.staff).unwrap_or_default();
    // The word of the organisation for who looks after the installation. What they may do, each service says itself.
    let is_keeper = me.grants.iter().any(|grant| grant.role == "administrator");
    let unit = me.grants.into_iter().next().map(|grant| grant.unit_id).unwrap_or_default();
    Me { staff_id: me.staff_id, name: me.name, is_keeper, unit }
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
        tokio::join!(load::lists::cases(&app, &staff.asker, wanted), load::units(&app, &staff.asker), me(&staff));
    let view = CasesView {
        list: list?,
        units,
        unit: query.get("unit").to_owned(),
        state: query.get("state").to_owned(),
        search: query.get("search").to_owned(),
    };
    Ok(app.page(StatusCode::OK, "desk/cases.html", &staff.shell(&name), &view))
}
