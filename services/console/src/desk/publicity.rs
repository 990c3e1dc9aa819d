//! `/desk/publicity`: what waits for me to show it to the public, or to keep it from them: cases with a result, and figures
//! that a duty has reported.

use super::head::{Head, Narrowed};
use crate::{app::App, load, refusal::Refusal, session::Staff, view::published::ToPublish};
use axum::{extract::State, http::Uri, response::Response};
use contracts::records::ListToPublishRequest;

pub(crate) type PublicityView = Narrowed<ToPublish>;

pub(crate) async fn show(State(app): State<App>, staff: Staff, uri: Uri) -> Result<Response, Refusal> {
    let head = Head::read(&app, &staff, &uri).await?;
    let asked = ListToPublishRequest { unit_id: head.get("unit"), page_size: load::PAGE, page_token: head.get("page") };
    let found = async { staff.asker.list_to_publish(asked).await.map(|list| ToPublish::new(list, app.env.now())) };
    let (code, view): (_, PublicityView) = head.narrowed("publicity", found).await;
    Ok(head.page(code, "desk/publicity.html", &view))
}
