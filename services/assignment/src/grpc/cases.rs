//! One case as its handler or its dispatcher sees it: where it is, what they may do next, and who could take it.

use super::{caller, forms};
use crate::app::App;
use crate::domain::case::{Case, State};
use crate::domain::dispatch::eligible;
use crate::domain::moment::Moment;
use crate::domain::route;
use crate::store;
use crate::usecase::answer_order::may_answer;
use crate::usecase::dispatch_case::roles;
use crate::usecase::outcome::{missing, moment, regime_of};
use crate::usecase::rule_recusal::may_rule as may_rule_recusal;
use contracts::assignment as wire;
use contracts::common::Action;
use facts::{authorise, may_read};
use house::House;
use kit_core::Problem;
use kit_db::Result;
use kit_grpc::{Ctx, parse_id, text};
use kit_ids::CaseId;
use regime::{Regime, vocabulary};

pub(super) async fn get(app: &App, ctx: &Ctx, request: wire::GetCaseRequest) -> Result<wire::GetCaseResponse> {
    let staff_id = caller(app, ctx)?;
    let case_id: CaseId = parse_id("case_id", &request.case_id)?;
    let mut conn = app.log.pool().acquire().await?;
    let case = store::case::find(&mut conn, case_id).await?.ok_or_else(Problem::unknown_case)?;
    let law = app.law();
    if !may_read(&law, &case.view, &staff_id) {
        return Err(Problem::unknown_case().into());
    }
    let regime = regime_of(&law, &case)?;
    let now = moment(&law, &regime, &case, app.env.now())?;
    let may_dispatch = authorise(&law, &case.view, &staff_id, "dispatch").is_ok();
    let may_rule = case.view.returned_by.is_some() && authorise(&law, &case.view, &staff_id, "rule-dispatch").is_ok();
    let handler = case.view.handler.clone().unwrap_or_default();
    Ok(wire::GetCaseResponse {
        case_id: case_id.to_string(),
        state: case.state.as_str().to_owned(),
        handling_unit_id: case.view.handling_unit_id.clone().unwrap_or_default(),
        handler_name: law.directory().staff(&handler).map(|staff| staff.name.clone()).unwrap_or_default(),
        handler_id: handler,
        slip: case.slip.clone(),
        rung: case.view.rung,
        version: case.version,
        actions: actions(&law, &regime, &case, &staff_id),
        candidates: if may_dispatch || may_rule { candidates(&law, &regime, &case, now) } else { Vec::new() },
        orders: forms::given(&law, &regime, &case, &staff_id),
        order_forms: forms::orders(&law, &regime, &case, now, &staff_id),
        team_forms: forms::teams(&law, &regime, &case, &staff_id),
        returned_by: case.view.returned_by.clone().unwrap_or_default(),
        recusals_asked: if may_rule_recusal(&law, &regime, &case.view, &staff_id) {
            forms::asked(&law, &case)
        } else {
            Vec::new()
        },
        delegates: forms::delegates(&law, &regime, &case, &staff_id),
    })
}

/// What the state of the case leaves to this person, with what the rules still ask for.
fn actions(law: &House, regime: &Regime, case: &Case, staff_id: &str) -> Vec<Action> {
    let has_handler = case.state.has_handler();
    let is_open = !matches!(case.state, State::Waiting | State::Done);
    let is_mine = case.view.handler.as_deref() == Some(staff_id);
    let may = |command: &str| authorise(law, &case.view, staff_id, command).is_ok();
    let is_alive = case.state != State::Done;
    let is_upheld = case.view.handling_unit_id.as_ref().is_some_and(|unit| case.view.upheld.contains(unit));
    let mut orders = case.view.orders.iter().filter(|order| !order.is_answered);
    let is_rungs = usize::try_from(case.view.rung).is_ok_and(|rung| rung < regime.ladder.len());
    let is_asked = !case.view.recusals_asked.is_empty();
    let steps = [
        ("dispatch", is_open && may("dispatch")),
        ("rule-dispatch", is_alive && case.view.returned_by.is_some() && may("rule-dispatch")),
        ("sign", case.state == State::Dispatched && is_mine && may("sign")),
        ("delegate", has_handler && may("delegate")),
        ("return", has_handler && is_mine && !is_upheld && may("return")),
        ("recuse", has_handler && (may("recuse") || may("dispatch"))),
        ("ask-recusal", is_alive && has_handler && may("ask-recusal")),
        ("rule-recusal", is_alive && is_asked && may_rule_recusal(law, regime, &case.view, staff_id)),
        ("form-team", is_alive && !regime.teams.is_empty() && may("form-team")),
        ("escalate", is_alive && is_rungs && may("escalate")),
        ("answer-order", is_alive && orders.any(|order| may_answer(law, &case.view, staff_id, order))),
    ];
    let offered = steps.into_iter().filter(|(_, is_offered)| *is_offered);
    let mut actions: Vec<Action> = offered.map(|(id, _)| action(regime, case, id)).collect();
    for order in regime.orders.iter().filter(|_| is_alive) {
        let act = format!("order({})", order.id);
        if may(&act) {
            actions.push(Action { title: Some(text(&order.title)), ..action(regime, case, &act) });
        }
    }
    actions
}

fn action(regime: &Regime, case: &Case, id: &str) -> Action {
    // A recusal waits for nothing: whoever must not handle the case must not go on handling it.
    let missing = if id == "recuse" { Vec::new() } else { missing(regime, case, id) };
    let title = vocabulary::term(vocabulary::COMMANDS, id).map(|term| text(&term.title()));
    Action {
        id: id.to_owned(),
        title,
        is_allowed: missing.is_empty(),
        cite: missing.first().map(|m| m.cite.clone()).unwrap_or_default(),
        missing: missing.iter().map(|m| text(&m.say)).collect(),
    }
}

fn candidates(law: &House, regime: &Regime, case: &Case, now: Moment) -> Vec<wire::Candidate> {
    let mut found: Vec<wire::Candidate> = Vec::new();
    for unit in route::places(law, regime, &case.view) {
        for role in roles(regime, case, now) {
            for staff_id in eligible(law, regime, &case.view, &unit.id, role) {
                // A person who could take it in several roles is named once, in the first of them.
                if found.iter().any(|known| known.unit_id == unit.id && known.staff_id == staff_id) {
                    continue;
                }
                let staff = law.directory().staff(&staff_id);
                found.extend(staff.map(|staff| forms::candidate(law, &unit.id, staff, role)));
            }
        }
    }
    found
}
