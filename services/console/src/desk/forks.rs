//! Forks: where a service stands still until an administrator decides, and their decision.

use crate::{
    app::App,
    asker::Asker,
    desk::parked::{SERVICES, keeper, number, service},
    form::Form,
    refusal::Refusal,
    session::Staff,
    view::parked::Fork,
};
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use contracts::log::{ForkDecision, ListForksRequest, SettleForkRequest};
use futures::future::join_all;

/// The forks of all services that answer.
pub(crate) async fn all(asker: &Asker) -> Vec<Fork> {
    let told = join_all(SERVICES.map(|service| async move {
        let forks = asker.list_forks(service, ListForksRequest {}).await.unwrap_or_default().forks;
        forks.into_iter().map(|fork| Fork::new(service, fork)).collect::<Vec<_>>()
    }));
    told.await.into_iter().flatten().collect()
}

pub(crate) async fn settle(State(app): State<App>, staff: Staff, form: Form) -> Result<Response, Refusal> {
    staff.check(&form)?;
    let me = keeper(&staff).await?;
    let decision = match form.get("decision") {
        "recheck" => ForkDecision::Recheck,
        "accept" => ForkDecision::Accept,
        _ => return Err(Refusal::of_status(StatusCode::BAD_REQUEST)),
    };
    let request = SettleForkRequest {
        producer: form.get("producer").to_owned(),
        partition: number(&form, "partition")?,
        decision: decision.into(),
        reason: form.get("reason").to_owned(),
        actor: me.staff_id,
    };
    app.ask_as_console(staff.language).settle_fork(service(form.get("service"))?, request).await?;
    Ok(Redirect::to("/desk/parked").into_response())
}
