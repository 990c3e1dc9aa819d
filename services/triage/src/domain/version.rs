//! Another version for a case: which there are, and what one of them does not know of what the case has.

mod held;

use chrono::{DateTime, NaiveDate, Utc};
use facts::{CaseView, Law};
use kit_core::{FieldProblem, Problem};
use regime::Regime;
use std::sync::Arc;

/// A version to which a case may move.
pub(crate) struct Offer {
    pub regime: Arc<Regime>,
    pub version: u32,
    /// Its first day in force.
    pub from: NaiveDate,
    /// What of the case it does not know.
    pub missing: Vec<FieldProblem>,
}

/// The day in the zone of the case's unit.
pub(crate) fn today(law: &Law, view: &CaseView, now: DateTime<Utc>) -> NaiveDate {
    let zone: chrono_tz::Tz = law.directory().zone(&view.unit_id).parse().unwrap_or(chrono_tz::UTC);
    now.with_timezone(&zone).date_naive()
}

/// The versions that somebody may want for the case: the others of its regime, and, once that is no longer in force in
/// its unit, the regimes that are in force there now.
pub(crate) fn offers(law: &Law, view: &CaseView, regime: &Regime, today: NaiveDate) -> Vec<Offer> {
    let in_force = law.regimes_for(&view.unit_id, &view.kind, today);
    let is_over = in_force.iter().all(|(one, _)| one.id != view.regime_id);
    let is_wanted = |one: &Reachable| {
        let is_own = one.regime.id == view.regime_id;
        let is_now = || in_force.iter().any(|(now, version)| now.id == one.regime.id && *version == one.version);
        if is_own { one.version != view.regime_version } else { is_over && is_now() }
    };
    let wanted = reachable(law, view).into_iter().filter(|one| one.from <= today && is_wanted(one));
    let offer = |one: Reachable| {
        let missing = held::unknown(view, regime, &one.regime);
        Offer { regime: one.regime, version: one.version, from: one.from, missing }
    };
    wanted.map(offer).collect()
}

/// The version that somebody asks for; an empty name is the regime that the case has.
pub(crate) fn target(
    law: &Law,
    view: &CaseView,
    (id, version): (&str, u32),
    today: NaiveDate,
) -> Result<Arc<Regime>, Problem> {
    let id = if id.is_empty() { view.regime_id.as_str() } else { id };
    let all = reachable(law, view);
    let of_regime: Vec<&Reachable> = all.iter().filter(|one| one.regime.id == id).collect();
    if of_regime.is_empty() {
        return Err(unknown_regime(id, &all));
    }
    let Some(one) = of_regime.iter().find(|one| one.version == version) else {
        let known = of_regime.iter().map(|one| one.version.to_string()).collect::<Vec<_>>();
        let zh = format!("没有第 {version} 版；有第 {} 版", known.join("、"));
        let en = format!("There is no version {version}; there are: {}", known.join(", "));
        return Err(Problem::field("regime_version", "unknown-version", zh, en));
    };
    if (id, version) == (view.regime_id.as_str(), view.regime_version) {
        let (zh, en) = ("本件适用的正是这一版", "The case has this version already");
        return Err(Problem::conflict("same-version", zh, en));
    }
    if one.from > today {
        let from = one.from;
        let (zh, en) = (format!("该版自 {from} 起施行"), format!("That version is in force from {from} only"));
        return Err(Problem::conflict("not-in-force", zh, en));
    }
    Ok(Arc::clone(&one.regime))
}

/// Refuses a version that does not know all that the case has.
pub(crate) fn knows(view: &CaseView, from: &Regime, to: &Regime) -> Result<(), Problem> {
    let missing = held::unknown(view, from, to);
    if missing.is_empty() {
        return Ok(());
    }
    let zh = missing.iter().map(|lack| lack.text.zh.as_str()).collect::<Vec<_>>().join("；");
    let en = missing.iter().map(|lack| lack.text.en.as_str()).collect::<Vec<_>>().join("; ");
    let mut problem = Problem::conflict(
        "version-lacks",
        format!("该版本没有本件已有的内容：{zh}"),
        format!("That version does not know what the case has: {en}"),
    );
    problem.fields = missing;
    Err(problem)
}

/// A version that is published for the unit of the case, or for one above it.
struct Reachable {
    regime: Arc<Regime>,
    version: u32,
    from: NaiveDate,
}

fn reachable(law: &Law, view: &CaseView) -> Vec<Reachable> {
    let chain = law.directory().chain(&view.unit_id);
    let is_here = |unit: &str| unit.is_empty() || chain.iter().any(|one| one.id == unit);
    let here = law.published().filter(|(_, _, unit, _)| is_here(unit));
    here.map(|(regime, version, _, from)| Reachable { regime: Arc::clone(regime), version, from }).collect()
}

fn unknown_regime(id: &str, all: &[Reachable]) -> Problem {
    let near = regime::nearest(id, all.iter().map(|one| one.regime.id.as_str()));
    let (zh, en) = match near {
        Some(near) => (
            format!("本单位没有制度“{id}”；是否指“{near}”？"),
            format!("There is no regime `{id}` in this unit; did you mean `{near}`?"),
        ),
        None => (format!("本单位没有制度“{id}”"), format!("There is no regime `{id}` in this unit")),
    };
    Problem::field("regime_id", "unknown-regime", zh, en)
}
