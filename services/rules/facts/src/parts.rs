//! The parts that an answer to people must hold, as the regime says for the case.

use crate::CaseView;
use kit_core::Problem;
use regime::vocabulary::{PARTS, Term, term};
use regime::{Answer, Regime};
use std::collections::BTreeMap;

/// Refuses an answer by the act `act` in which a part is missing, or that has one nobody knows; `parts` are those that
/// were given, by part. Refusals name the field `parts.<part>`.
///
/// # Errors
/// `unknown-word`, with what there is; `missing-input`, with everything that is missing and the clause.
pub fn whole<T>(regime: &Regime, case: &CaseView, act: &str, parts: &BTreeMap<String, T>) -> Result<(), Problem> {
    if let Some(odd) = parts.keys().find(|part| term(PARTS, part).is_none()) {
        let known = PARTS.iter().map(|part| part.id).collect::<Vec<_>>().join(", ");
        let (zh, en) = (format!("没有这项内容；可用：{known}"), format!("there is no such part; there are: {known}"));
        return Err(Problem::field(&field(odd), "unknown-word", zh, en));
    }
    let Some(rule) = regime.answer_rule(act, case) else { return Ok(()) };
    let missing: Vec<_> = wanted(rule).filter(|part| !parts.contains_key(part.id)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let zh = missing.iter().map(|part| part.zh).collect::<Vec<_>>().join("、");
    let en = missing.iter().map(|part| part.en).collect::<Vec<_>>().join(", ");
    let cite = &rule.cite;
    let (zh, en) = (format!("还须写明：{zh}（{cite}）"), format!("It must also say: {en} ({cite})"));
    let problem = Problem::invalid("missing-input", zh, en);
    Err(missing.iter().fold(problem, |problem, part| problem.with_field(&field(part.id), part.zh, part.en)))
}

/// The parts that an answer by the act must hold in this case.
pub fn of_answer(regime: &Regime, case: &CaseView, act: &str) -> Vec<&'static Term> {
    regime.answer_rule(act, case).map(|rule| wanted(rule).collect()).unwrap_or_default()
}

fn wanted(rule: &Answer) -> impl Iterator<Item = &'static Term> {
    PARTS.iter().filter(|part| rule.holds.iter().any(|one| one == part.id))
}

fn field(part: &str) -> String {
    format!("parts.{part}")
}
