//! The parts that an answer must hold, as the regime says for this case.

use facts::CaseView;
use kit_core::Problem;
use kit_ids::RefId;
use regime::Regime;
use regime::vocabulary::{PARTS, term};
use std::collections::BTreeMap;

/// Refuses an answer in which a part is missing, or that has one nobody knows.
pub(crate) fn check(
    regime: &Regime,
    view: &CaseView,
    act: &str,
    parts: &BTreeMap<String, RefId>,
) -> Result<(), Problem> {
    if let Some(odd) = parts.keys().find(|part| term(PARTS, part).is_none()) {
        let known: Vec<&str> = PARTS.iter().map(|part| part.id).collect();
        let known = known.join(", ");
        let (zh, en) = (format!("没有这项内容；可用：{known}"), format!("there is no such part; there are: {known}"));
        return Err(Problem::field(&format!("parts.{odd}"), "unknown-word", zh, en));
    }
    let Some(rule) = regime.answer_rule(act, view) else { return Ok(()) };
    let missing: Vec<_> = PARTS.iter().filter(|part| rule.holds.iter().any(|one| one == part.id)).collect();
    let missing: Vec<_> = missing.into_iter().filter(|part| !parts.contains_key(part.id)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let zh: Vec<&str> = missing.iter().map(|part| part.zh).collect();
    let en: Vec<&str> = missing.iter().map(|part| part.en).collect();
    let (cite, zh, en) = (&rule.cite, zh.join("、"), en.join(", "));
    let (zh, en) = (format!("还须写明：{zh}（{cite}）"), format!("It must also say: {en} ({cite})"));
    let mut problem = Problem::invalid("missing-input", zh, en);
    for part in missing {
        problem = problem.with_field(part.id, part.zh, part.en);
    }
    Err(problem)
}

/// Whether somebody has to write something before the act, so that it cannot happen with another.
pub(crate) fn are_wanted(regime: &Regime, view: &CaseView, act: &str) -> bool {
    regime.answer_rule(act, view).is_some_and(|rule| !rule.holds.is_empty())
}
