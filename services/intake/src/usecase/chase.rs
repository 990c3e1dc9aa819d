//! The complainant asks when it will be done (催问): by the code, or of staff who write it down.

use crate::{
    app::App,
    domain::text::{self, LONG},
    usecase::{
        seal,
        target::{self, By, Named},
    },
};
use chrono::{DateTime, TimeDelta, Utc};
use contracts::{
    Fact,
    intake::{ChaseRequest, ChaseResponse, ComplainantChased},
};
use facts::CaseView;
use kit_core::Problem;
use kit_db::Result;
use kit_grpc::Ctx;
use std::sync::Arc;

/// By the code, once in this time: more tells nobody more.
const PAUSE: TimeDelta = TimeDelta::hours(1);

/// Notes the chase, with what was said.
#[tracing::instrument(name = "usecase.case.chase", skip_all)]
pub(crate) async fn chase(app: &App, ctx: &Ctx, request: ChaseRequest) -> Result<ChaseResponse> {
    let ChaseRequest { request_id, receipt_code, case_id, text, number } = request;
    let text = if text.trim().is_empty() { None } else { Some(text::required("text", text, LONG)?) };
    let (case, by) =
        target::resolve(app, ctx, Named { code: &receipt_code, number: &number, case_id: &case_id }).await?;
    let said = text.as_ref().map_or("", |text| text.expose());
    let command = app.command("chase", &request_id, by.actor(), &[&case.to_string(), by.word(), said]);
    let (law, master) = (app.law(), Arc::clone(&app.master));
    app.log
        .command(command, move |tx| {
            Box::pin(async move {
                let opened = target::open(tx, &law, case, &by, "chase").await?;
                if by == By::Complainant {
                    may_chase(&opened.row.view, tx.now())?;
                }
                let text = match &text {
                    Some(text) => Some(seal::seal(tx, &master, case, "chase", text).await?),
                    None => None,
                };
                let event = ComplainantChased { case_id: opened.case_id(), by: by.word().to_owned(), text };
                opened.happen(tx, event, Fact::ComplainantChased).await?;
                Ok(ChaseResponse {})
            })
        })
        .await
}

/// Whether the complainant may ask again by the code.
pub(crate) fn may_chase(view: &CaseView, now: DateTime<Utc>) -> std::result::Result<(), Problem> {
    if !view.is_open() {
        return Err(target::closed());
    }
    let last = view.history.iter().filter(|happened| happened.word == "complainant-chased").map(|one| one.at).max();
    if last.is_some_and(|last| now < last + PAUSE) {
        let en = "You asked within the last hour; please try again later";
        return Err(Problem::conflict("too-soon", "一小时内已经催问过，请稍后再试", en));
    }
    Ok(())
}
