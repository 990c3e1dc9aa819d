//! `/desk/statistics`: the figures of a month for a unit and what is below it.

use super::head::{Head, Narrowed};
use crate::{app::App, load, refusal::Refusal, session::Staff, view::statistics::Statistics};
use axum::{extract::State, http::Uri, response::Response};

pub(crate) type StatisticsView = Narrowed<Option<Statistics>>;

pub(crate) async fn show(State(app): State<App>, staff: Staff, uri: Uri) -> Result<Response, Refusal> {
    let this_month = app.env.now().with_timezone(&app.settings.zone).format("%Y-%m").to_string();
    let head = Head::read(&app, &staff, &uri).await?.in_own_unit().or("month", this_month);
    let (unit, month) = (head.get("unit"), head.get("month"));
    let figures = async { load::lists::statistics(&app, &staff.asker, &unit, &month).await.map(Some) };
    let (code, view): (_, StatisticsView) = head.narrowed("statistics", figures).await;
    Ok(head.page(code, "desk/statistics.html", &view))
}
