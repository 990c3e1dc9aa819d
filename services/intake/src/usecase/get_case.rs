//! A case as staff see it here: how it came in, and which fields of the identity exist.

use crate::{
    app::App,
    store::{case, vault},
    usecase::{appeal, split, target, withdraw::may_withdraw},
};
use contracts::{
    common::Action,
    intake::{GetCaseRequest, GetCaseResponse, LinkedCase},
};
use facts::CaseView;
use kit_core::Problem;
use kit_db::Result;
use kit_grpc::{Ctx, parse_id, text, timestamp};
use kit_ids::CaseId;
use regime::vocabulary::{COMMANDS, term};
use uuid::Uuid;

/// Answers whoever may know of the case.
#[tracing::instrument(name = "usecase.case.get", skip_all)]
pub(crate) async fn get_case(app: &App, ctx: &Ctx, request: GetCaseRequest) -> Result<GetCaseResponse> {
    let staff = ctx.staff()?.to_string();
    let case = parse_id::<CaseId>("case_id", &request.case_id)?.uuid();
    let law = app.law();
    let view = case::get(app.log.pool(), case).await?.view.0;
    if !facts::may_read(&law, &view, &staff) {
        return Err(Problem::unknown_case().into());
    }
    let identity_fields = vault::identity_fields(app.log.pool(), case).await?;
    let may = |command| facts::authorise(&law, &view, &staff, command).is_ok();
    let mut actions = Vec::new();
    let regime = target::regime_of(&law, &view)?;
    let closed = || (!view.is_open()).then(target::closed);
    let is_signed = view.has_word("case-signed") || view.has_word("answered-at-once");
    let is_unproven = !view.is_anonymous && view.identity != "real-name";
    let offered = [
        ("answer-at-once", !is_signed, closed()),
        ("verify-identity", is_unproven, closed()),
        ("ask-complainant", true, closed()),
        ("chase", true, closed()),
        ("link", true, closed()),
        ("merge", true, closed()),
        ("appeal", !appeal::open_to(&law, &regime, &view, "complainant", app.env.now()).is_empty(), None),
    ];
    for (id, _, refusal) in offered.into_iter().filter(|(id, fits, _)| *fits && may(id)) {
        let lacks = facts::lacks(&regime, &view, id);
        let cite = lacks.first().map(|lack| lack.cite.clone()).unwrap_or_default();
        let refusal = refusal.or_else(|| (!lacks.is_empty()).then(|| facts::not_yet(&lacks)));
        actions.push(Action { cite, ..action(id, refusal) });
    }
    let mut split_into = Vec::new();
    if split::may_split(&law, &view, &staff).is_ok() {
        split_into = split::choices(&law, &view, &case::of_submission(app.log.pool(), case).await?);
    }
    if !split_into.is_empty() {
        actions.push(action("split", split::is_ready(&regime, &view).err()));
    }
    if may("withdraw") {
        actions.push(action("withdraw", may_withdraw(&view).err()));
    }
    if may("reveal-identity") {
        let nothing =
            || Problem::conflict("identity-not-given", "没有身份信息可查看", "There is no identity to reveal");
        actions.push(action("reveal-identity", identity_fields.is_empty().then(nothing)));
    }
    let ids: Vec<Uuid> = view.links.iter().filter_map(|(_, id)| Some(id.parse::<CaseId>().ok()?.uuid())).collect();
    let rows = case::list(app.log.pool(), &ids).await?;
    let number = |id: &str| {
        let row = rows.iter().find(|row| CaseId::new(row.case_id).to_string() == id);
        row.filter(|row| facts::may_read(&law, &row.view, &staff)).map(|row| row.number.clone())
    };
    // Who may not read the other case does not learn that there is one, nor what it is to this one.
    let linked = view.links.iter().filter_map(|(relation, id)| {
        Some(LinkedCase { case_id: id.clone(), relation: relation.clone(), number: number(id)? })
    });
    let linked: Vec<LinkedCase> = linked.collect();
    Ok(GetCaseResponse { split_into, ..answer(view, identity_fields, actions, linked) })
}

fn action(id: &str, refusal: Option<Problem>) -> Action {
    let title = term(COMMANDS, id).map(|term| text(&term.title()));
    let is_allowed = refusal.is_none();
    let missing = refusal.iter().map(|problem| text(&problem.text)).collect();
    Action { id: id.to_owned(), title, is_allowed, missing, cite: String::new() }
}

fn answer(
    view: CaseView,
    identity_fields: Vec<String>,
    actions: Vec<Action>,
    linked: Vec<LinkedCase>,
) -> GetCaseResponse {
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
        complainant: view.complainant,
        respondent: view.respondent,
        identity: view.identity,
        respondent_reach: view.respondent_reach,
        is_sealed: view.is_sealed,
        first_contact: view.first_contact.unwrap_or_default(),
        linked,
        split_into: Vec::new(),
    }
}
