//! What a page needs to know to ask for a step, and how far the case is.

use super::title;
use crate::domain::{Case, approval, steps};
use contracts::resolution as api;
use facts::Law;
use regime::{Case as _, Ending, Regime, Take};

/// What a step of the regime, or telling the result, asks for.
pub(super) fn form(case: &Case, regime: &Regime, step: &str) -> Option<api::StepForm> {
    let answer = regime.answer_rule(step, &case.view);
    let parts = answer.map(|answer| answer.holds.clone()).unwrap_or_default();
    let Some(rule) = regime.step(step) else {
        let is_told = [steps::TELL, steps::DECIDE_APPEAL].contains(&step);
        return is_told.then(|| api::StepForm { step: step.to_owned(), parts, ..Default::default() });
    };
    let suggested = rule.outcomes.iter().find(|one| !one.condition.is_always() && one.condition.holds(&case.view));
    let amount = rule.amount.as_ref();
    Some(api::StepForm {
        step: step.to_owned(),
        takes: rule.takes.iter().map(|take| take_name(*take).to_owned()).collect(),
        outcomes: rule.outcomes.iter().filter(|one| is_open(case, one)).map(ending).collect(),
        suggested: suggested.map(|one| one.id.clone()).unwrap_or_default(),
        least_staff: rule.staff,
        needs_credentials: rule.credentials,
        least: amount.map_or(0, |amount| amount.from),
        most: amount.and_then(|amount| amount.to).unwrap_or_default(),
        currency: amount.map(|amount| amount.currency.clone()).unwrap_or_default(),
        parts,
    })
}

fn is_open(case: &Case, outcome: &Ending) -> bool {
    !outcome.only || outcome.condition.holds(&case.view)
}

fn ending(ending: &Ending) -> api::Word {
    api::Word { id: ending.id.clone(), title: Some(kit_grpc::text(&ending.title)) }
}

fn take_name(take: Take) -> &'static str {
    match take {
        Take::Text => "text",
        Take::Files => "files",
        Take::Date => "date",
        Take::Staff => "staff",
        Take::Amount => "amount",
        Take::Form => "form",
    }
}

/// The stages that the case has.
pub(super) fn course(case: &Case, regime: &Regime) -> Vec<api::Stage> {
    let stage = |stage: &regime::Stage| api::Stage {
        id: stage.id.clone(),
        title: Some(kit_grpc::text(&stage.title)),
        is_reached: stage.reached.iter().any(|fact| case.view.has(fact)),
        cite: stage.cite.clone(),
    };
    regime.stages(&case.view).into_iter().map(stage).collect()
}

/// What waits for somebody's signature.
pub(super) fn sign_offs(case: &Case, law: &Law, regime: &Regime, staff: &str) -> Vec<api::SignOff> {
    let one = |(act, sign_off): (&String, &facts::SignOff)| {
        let (role, tier) = approval::waiting(case, regime, act)?;
        let holds = facts::acts_by(law.directory(), regime, &case.view, staff, role);
        Some(api::SignOff {
            title: Some(kit_grpc::text(&title(regime, act))),
            act: act.clone(),
            role_title: Some(kit_grpc::text(&regime.role_title(role))),
            asked_by_name: law.directory().staff(&sign_off.asked_by).map(|one| one.name.clone()).unwrap_or_default(),
            role: role.to_owned(),
            tier,
            asked_by: sign_off.asked_by.clone(),
            may_rule: holds && sign_off.asked_by != staff,
        })
    };
    case.view.sign_offs.iter().filter_map(one).collect()
}

/// The acts for which a sign-off may be asked, for whoever may ask.
pub(super) fn to_approve(case: &Case, regime: &Regime, open: &[&String]) -> Vec<api::Word> {
    if !open.iter().any(|step| *step == steps::ASK_APPROVAL) {
        return Vec::new();
    }
    let word = |act: String| api::Word { title: Some(kit_grpc::text(&title(regime, &act))), id: act };
    approval::wanted(case, regime).into_iter().map(word).collect()
}

/// The appeal that waits for a decision.
pub(super) fn appeal(case: &Case, regime: &Regime) -> Option<api::AppealForm> {
    let appeal = facts::pending_appeal(regime, &case.view)?;
    let suggested = appeal.outcomes.iter().find(|one| !one.condition.is_always() && one.condition.holds(&case.view));
    Some(api::AppealForm {
        tier: appeal.tier.clone(),
        title: Some(kit_grpc::text(&appeal.title)),
        outcomes: appeal.outcomes.iter().filter(|one| is_open(case, one)).map(ending).collect(),
        suggested: suggested.map(|one| one.id.clone()).unwrap_or_default(),
    })
}

/// Tracked measures that are still owed.
pub(super) fn owed(case: &Case, regime: &Regime) -> Vec<api::OwedMeasure> {
    let tracked = regime.words.measures.iter().filter(|measure| measure.is_tracked);
    let owed = |measure: &regime::Measure| {
        let is_done = *case.view.open_measures.get(&measure.word.id)?;
        let title = Some(kit_grpc::text(&measure.word.title));
        Some(api::OwedMeasure { measure: measure.word.id.clone(), title, is_done })
    };
    tracked.filter_map(owed).collect()
}
