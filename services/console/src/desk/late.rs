//! `/desk/late`: what is late, by unit.

use crate::{
    app::App,
    desk::lists::me,
    form::Form,
    load,
    refusal::{Refusal, status},
    session::Staff,
    typed::Typed,
    view::lists::Late,
    words::Named,
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
    /// Why there is no list, beside the form that asks for it.
    pub(crate) typed: Typed,
}

pub(crate) async fn show(State(app): State<App>, staff: Staff, uri: Uri) -> Result<Response, Refusal> {
    let query = Form::parse(uri.query().unwrap_or_default().as_bytes())?;
    let me = me(&staff).await;
    let unit = if query.get("unit").is_empty() { &me.unit } else { query.get("unit") };
    let (list, units) =
        tokio::join!(load::lists::late(&app, &staff.asker, unit, query.get("page")), load::units(&app, &staff.asker));
    let mut view = LateView { units, unit: unit.to_owned(), ..LateView::default() };
    let mut code = StatusCode::OK;
    match list {
        Ok(list) => view.list = list,
        Err(problem) => {
            code = status(&problem);
            view.typed = Typed::refused("late", &query, String::new(), problem);
        }
    }
    Ok(app.page(code, "desk/late.html", &staff.shell(&me), &view))
}
