//! `/desk/ledgers`: the rows of a ledger, in a unit and between two days.

use crate::{
    app::App,
    desk::lists::me,
    form::Form,
    load,
    refusal::{Refusal, status},
    session::Staff,
    typed::Typed,
    view::ledgers::LedgerPage,
    words::Named,
};
use axum::{
    extract::State,
    http::{StatusCode, Uri},
    response::Response,
};
use contracts::records::ListLedgerRequest;
use serde::Serialize;

#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct LedgersView {
    pub(crate) page: LedgerPage,
    pub(crate) ledgers: Vec<Named>,
    pub(crate) units: Vec<Named>,
    pub(crate) ledger: String,
    pub(crate) unit: String,
    pub(crate) from: String,
    pub(crate) to: String,
    /// Why there are no rows, beside the form that asks for them.
    pub(crate) typed: Typed,
}

pub(crate) async fn show(State(app): State<App>, staff: Staff, uri: Uri) -> Result<Response, Refusal> {
    let query = Form::parse(uri.query().unwrap_or_default().as_bytes())?;
    let get = |name: &str| query.get(name).to_owned();
    let asked = ListLedgerRequest {
        ledger: get("ledger"),
        unit_id: get("unit"),
        from: get("from"),
        to: get("to"),
        page_size: load::PAGE,
        page_token: get("page"),
    };
    let all = load::lists::ledger(&staff.asker, ListLedgerRequest::default());
    let rows = async {
        match asked.ledger.as_str() {
            "" => Ok(LedgerPage::default()),
            _ => load::lists::ledger(&staff.asker, asked.clone()).await,
        }
    };
    let (all, rows, units, me) = tokio::join!(all, rows, load::units(&app, &staff.asker), me(&staff));
    let mut view = LedgersView {
        ledgers: all?.ledgers,
        units,
        ledger: get("ledger"),
        unit: get("unit"),
        from: get("from"),
        to: get("to"),
        typed: Typed::new("ledgers", String::new()),
        ..LedgersView::default()
    };
    let code = match rows {
        Ok(page) => {
            view.page = page;
            StatusCode::OK
        }
        Err(problem) => {
            let code = status(&problem);
            view.typed = Typed::refused("ledgers", &query, String::new(), problem);
            code
        }
    };
    Ok(app.page(code, "desk/ledgers.html", &staff.shell(&me), &view))
}
