//! `/desk/cases`: all cases I may see, searched and narrowed.

use super::head::{Head, Narrowed};
use crate::{app::App, load, refusal::Refusal, session::Staff, view::lists::Cases};
use axum::{extract::State, http::Uri, response::Response};
use contracts::{assignment, records};

pub(crate) type CasesView = Narrowed<Cases>;

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
    let head = Head::read(&app, &staff, &uri).await?;
    let wanted = records::ListCasesRequest {
        unit_id: head.get("unit"),
        state: head.get("state"),
        severity: head.get("severity"),
        search: head.get("search").trim().to_owned(),
        page_size: 0,
        page_token: head.get("page"),
    };
    let (code, view): (_, CasesView) = head.narrowed("cases", load::lists::cases(&app, &staff.asker, wanted)).await;
    Ok(head.page(code, "desk/cases.html", &view))
}
