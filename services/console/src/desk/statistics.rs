//! `/desk/statistics`: the figures of a month for a unit and what is below it.

use crate::{
    app::App,
    desk::lists::me,
    form::Form,
    load,
    refusal::{Refusal, status},
    session::Staff,
    typed::Typed,
    view::statistics::Statistics,
    words::Named,
};
use axum::{
    extract::State,
    http::{StatusCode, Uri},
    response::Response,
};
use serde::Serialize;

#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct StatisticsView {
    pub(crate) statistics: Option<Statistics>,
    pub(crate) units: Vec<Named>,
    pub(crate) unit: String,
    pub(crate) month: String,
    /// Why there are no figures, beside the form that asks for them.
    pub(crate) typed: Typed,
}

pub(crate) async fn show(State(app): State<App>, staff: Staff, uri: Uri) -> Result<Response, Refusal> {
    let query = Form::parse(uri.query().unwrap_or_default().as_bytes())?;
    let this_month = app.env.now().with_timezone(&app.settings.zone).format("%Y-%m").to_string();
    let month = if query.get("month").is_empty() { this_month } else { query.get("month").to_owned() };
    let me = me(&staff).await;
    let unit = if query.get("unit").is_empty() { &me.unit } else { query.get("unit") };
    let (answer, units) =
        tokio::join!(load::lists::statistics(&app, &staff.asker, unit, &month), load::units(&app, &staff.asker));
    let mut view = StatisticsView {
        statistics: None,
        units,
        unit: unit.to_owned(),
        month,
        typed: Typed::new("statistics", String::new()),
    };
    let code = match answer {
        Ok(statistics) => {
            view.statistics = Some(statistics);
            StatusCode::OK
        }
        Err(problem) => {
            let code = status(&problem);
            view.typed = Typed::refused("statistics", &query, String::new(), problem);
            code
        }
    };
    Ok(app.page(code, "desk/statistics.html", &staff.shell(&me), &view))
}
