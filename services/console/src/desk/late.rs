//! `/desk/late`: what is late, by unit.

use super::head::{Head, Narrowed};
use crate::{app::App, load, refusal::Refusal, session::Staff, view::lists::Late};
use axum::{extract::State, http::Uri, response::Response};

pub(crate) type LateView = Narrowed<Late>;

pub(crate) async fn show(State(app): State<App>, staff: Staff, uri: Uri) -> Result<Response, Refusal> {
    let head = Head::read(&app, &staff, &uri).await?.in_own_unit();
    let (unit, page) = (head.get("unit"), head.get("page"));
    let (code, view): (_, LateView) = head.narrowed("late", load::lists::late(&app, &staff.asker, &unit, &page)).await;
    Ok(head.page(code, "desk/late.html", &view))
}
