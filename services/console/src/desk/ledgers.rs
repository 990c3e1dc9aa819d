//! `/desk/ledgers`: the rows of a ledger, in a unit and between two days.

use super::head::{Head, Narrowed};
use crate::{app::App, load, refusal::Refusal, session::Staff, view::ledgers::LedgerPage, words::Named};
use axum::{extract::State, http::Uri, response::Response};
use contracts::records::ListLedgerRequest;
use serde::Serialize;

#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct LedgersView {
    /// Those to choose from.
    pub(crate) ledgers: Vec<Named>,
    #[serde(flatten)]
    pub(crate) rows: Narrowed<LedgerPage>,
}

pub(crate) async fn show(State(app): State<App>, staff: Staff, uri: Uri) -> Result<Response, Refusal> {
    let head = Head::read(&app, &staff, &uri).await?;
    let asked = ListLedgerRequest {
        ledger: head.get("ledger"),
        unit_id: head.get("unit"),
        from: head.get("from"),
        to: head.get("to"),
        page_size: load::PAGE,
        page_token: head.get("page"),
    };
    let rows = async {
        match asked.ledger.as_str() {
            "" => Ok(LedgerPage::default()),
            _ => load::lists::ledger(&staff.asker, asked.clone()).await,
        }
    };
    let all = load::lists::ledger(&staff.asker, ListLedgerRequest::default());
    let (all, (code, rows)) = tokio::join!(all, head.narrowed("ledgers", rows));
    Ok(head.page(code, "desk/ledgers.html", &LedgersView { ledgers: all?.ledgers, rows }))
}
