//! A case as staff see it here: how it came in, and which fields of the identity exist.

use crate::{
    app::App,
    store::{case, vault},
    usecase::withdraw::may_withdraw,
};
use contracts::{
    common::Action,
    intake::{GetCaseRequest, GetCaseResponse},
};
use facts::CaseView;
use kit_core::Problem;
use kit_db::Result;
use kit_grpc::{Ctx, parse_id, text, timestamp};
use kit_ids::CaseId;
use regime::vocabulary::{COMMANDS, term};

/// Answers whoever may know of the case.
#[tracing::instrument(name = "usecase.case.get", skip_all)]
pub(crate) async fn get_case(app: &App, ctx: &Ctx, request: GetCaseRequest) -> Result<GetCaseResponse> {
    let staff = ctx.staff()?.to_string();
    let case = parse_id::<CaseId>("case_id", &request.case_id)?.uuid();
    let law = app.law();
    let view = case::get(app.log.pool(), case).await?.view.0;
    if !facts::may_read(&law.0, &view, &staff) {
        return Err(Problem::unknown_case().into());
    }
    let identity_fields = vault::identity_fields(app.log.pool(), case).await?;
    let may = |command| facts::authorise(&law.0, &view, &staff, command).is_ok();
    let mut actions = Vec::new();
    if may("withdraw") {
        actions.push(action("withdraw", may_withdraw(&view).err()));
    }
    if may("reveal-identity") {
        let nothing =
            || Problem::conflict("identity-not-given", "没有身份信息可查看", "There is no identity to reveal");
        actions.push(action("reveal-identity", identity_fields.is_empty().then(nothing)));
    }
    Ok(answer(view, identity_fields, actions))
}

fn action(id: &str, refusal: Option<Problem>) -> Action {
    let title = term(COMMANDS, id).map(|term| text(&term.title()));
    let is_allowed = refusal.is_none();
    let missing = refusal.iter().map(|problem| text(&problem.text)).collect();
    Action { id: id.to_owned(), title, is_allowed, missing, cite: String::new() }
}

fn answer(view: CaseView, identity_fields: Vec<String>, actions: Vec<Action>) -> GetCaseResponse {
    GetCaseResponse {
        case_id: view.case_id,
        number: view.number,
        regime_id: view.regime_id,
        regime_version: view.regime_version,
        unit_id: view.unit_id,
        channel: view.channel,
        kind: view.kind,
        received_at: Some(timestamp(view.received_at)),
        asked_by: view.asked_by.map(|day| day.format("%Y-%m-%d").to_string()),
        is_anonymous: view.is_anonymous,
        reach: view.reach,
        identity_fields,
        actions,
    }
}
