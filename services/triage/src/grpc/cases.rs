//! One case as whoever triages it sees it: what it is, what the rules suggest, and what may be done next.

use super::caller;
use crate::app::App;
use crate::convert;
use crate::domain::case::{Case, State};
use crate::domain::grade;
use crate::domain::version::{self, Offer};
use crate::store;
use crate::usecase::outcome::regime_of;
use contracts::common::Action;
use contracts::triage as wire;
use facts::{Law, authorise, may_read};
use kit_core::Problem;
use kit_db::Result;
use kit_grpc::{Ctx, parse_id, text};
use kit_ids::CaseId;
use regime::vocabulary::{self, MOVE_TO_VERSION};
use regime::{Asked, Outcome, Pending, Regime};

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
    let suggested = grade::by_rules(&regime, &case.view);
    let (suggested_severity, suggested_cite) =
        suggested.map(|graded| (graded.severity, graded.cite)).unwrap_or_default();
    let today = version::today(&law, &case.view, app.env.now());
    let may_move = case.view.is_open() && authorise(&law, &case.view, &staff_id, MOVE_TO_VERSION).is_ok();
    let offers = if may_move { version::offers(&law, &case.view, &regime, today) } else { Vec::new() };
    let actions = actions(&law, &regime, &case, &staff_id, !offers.is_empty());
    let vocabulary = convert::vocabulary(&regime, &law.directory().departments(&case.view.unit_id));
    let ground = regime.suggested_ground(&case.view).filter(|_| case.state() == State::Pending);
    let (suggested_ground, suggested_ground_cite) =
        ground.map(|ground| (ground.id.clone(), ground.cite.clone())).unwrap_or_default();
    let parts = |act| convert::parts(regime.answer_rule(act, &case.view));
    let (accept_parts, decline_parts) = (parts("accept"), parts("decline"));
    let state = case.state().as_str().to_owned();
    let view = case.view;
    Ok(wire::GetCaseResponse {
        case_id: case_id.to_string(),
        number: view.number,
        unit_id: view.unit_id,
        kind: view.kind,
        category: view.category,
        severity: view.severity,
        validity: view.validity,
        state,
        about_unit_id: view.about_unit_id,
        facts: view.facts.iter().map(|(name, value)| facts::answer(name, value)).collect(),
        suggested_severity,
        suggested_cite,
        version: case.version,
        actions,
        vocabulary: Some(vocabulary),
        suggested_ground,
        suggested_ground_cite,
        accept_parts,
        decline_parts,
        versions: offers.iter().map(offer).collect(),
    })
}

fn offer(offer: &Offer) -> wire::VersionOffer {
    wire::VersionOffer {
        regime_id: offer.regime.id.clone(),
        version: offer.version,
        title: Some(text(&offer.regime.title)),
        in_force_from: offer.from.to_string(),
        missing: offer.missing.iter().map(|lack| text(&lack.text)).collect(),
        is_expected: offer.regime.pending == Pending::MovedByDecision,
    }
}

/// What the state of the case leaves to this person, with what the rules still ask for.
fn actions(law: &Law, regime: &Regime, case: &Case, staff_id: &str, has_versions: bool) -> Vec<Action> {
    let is_open = case.view.is_open();
    let is_pending = is_open && case.state() == State::Pending;
    let is_triaged = is_open && case.view.has_word("case-classified");
    let has = |outcomes: &[Outcome]| regime.scope.iter().any(|ground| outcomes.contains(&ground.outcome));
    let is_referred = case.state() == State::Referred;
    let steps = [
        ("triage", is_pending),
        ("accept", is_pending && is_triaged),
        ("decline", is_pending && has(&[Outcome::Refuse, Outcome::Guide])),
        ("refer", is_open && !is_referred && has(&[Outcome::Refer])),
        ("report-back", is_open && is_referred && !case.view.has_word("report-back-received")),
        ("contain", is_open),
        ("state", is_open && regime.words.facts.iter().any(|question| question.asked != [Asked::HandIn])),
        ("regrade", is_triaged),
        ("judge-validity", is_triaged),
        (MOVE_TO_VERSION, has_versions),
    ];
    let offered = steps.into_iter().filter(|(id, fits)| *fits && authorise(law, &case.view, staff_id, id).is_ok());
    offered.map(|(id, _)| action(regime, case, id)).collect()
}

fn action(regime: &Regime, case: &Case, id: &str) -> Action {
    // Triage may leave acceptance for later, so only its guards keep anybody from it.
    let missing = if id == "triage" { regime.guard(id, &case.view) } else { facts::lacks(regime, &case.view, id) };
    Action {
        id: id.to_owned(),
        title: vocabulary::term(vocabulary::COMMANDS, id).map(|term| text(&term.title())),
        is_allowed: missing.is_empty(),
        cite: missing.first().map(|m| m.cite.clone()).unwrap_or_default(),
        missing: missing.iter().map(|m| text(&m.say)).collect(),
    }
}
