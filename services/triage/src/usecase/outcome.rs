//! The beginning and the end of every command on a case.

use crate::domain::case::Case;
use crate::domain::grade;
use crate::publish;
use crate::store;
use contracts::Fact;
use contracts::triage::CaseGraded;
use facts::{Law, authorise};
use kit_core::Problem;
use kit_db::{Error, Result};
use kit_ids::CaseId;
use kit_messaging::Tx;
use regime::Regime;
use std::sync::Arc;

/// How the name of a regime that is waited for begins.
pub(crate) const REGIME: &str = "regime ";

/// The case of a command, locked; the caller may give the command.
pub(crate) async fn open(
    tx: &mut Tx,
    law: &Law,
    case_id: CaseId,
    staff_id: &str,
    command: &str,
) -> Result<(Case, Arc<Regime>)> {
    let case = store::case::lock(tx, &[case_id]).await?.remove(&case_id).ok_or_else(Problem::unknown_case)?;
    authorise(law, &case.view, staff_id, command)?;
    let regime = regime_of(law, &case)?;
    Ok((case, regime))
}

/// The regime version that the case is pinned to.
pub(crate) fn regime_of(law: &Law, case: &Case) -> Result<Arc<Regime>> {
    let (id, version) = (&case.view.regime_id, case.view.regime_version);
    law.regime(id, version).ok_or_else(|| Error::NotYet(format!("{REGIME}{id} version {version}")))
}

/// Refuses an act while its course or a guard asks for something before it, or a rule forbids it.
pub(crate) fn unless_missing(regime: &Regime, case: &Case, act: &str) -> std::result::Result<(), Problem> {
    let lacks = facts::lacks(regime, &case.view, act);
    if lacks.is_empty() { Ok(()) } else { Err(facts::not_yet(&lacks)) }
}

/// The grade that the newest fact gives by itself, as a fact that has happened in the case.
pub(crate) fn grade_anew(tx: &Tx, regime: &Regime, case: &mut Case) -> Option<Fact> {
    let graded = grade::anew(regime, &case.view)?;
    let event = publish::graded(case, graded.severity, graded.cite);
    let fact = Fact::CaseGraded(CaseGraded { is_automatic: true, ..event });
    publish::happen(tx, case, &fact);
    Some(fact)
}

/// Lets the facts happen in the case, with the grades that they give by themselves, and writes it all.
pub(crate) async fn write(tx: &mut Tx, regime: &Regime, mut case: Case, facts: Vec<Fact>) -> Result<()> {
    let mut happened = Vec::with_capacity(facts.len());
    for fact in facts {
        publish::happen(tx, &mut case, &fact);
        happened.push(fact);
        happened.extend(grade_anew(tx, regime, &mut case));
    }
    store::case::save(tx, &[&case]).await?;
    for fact in &happened {
        publish::append(tx, None, fact);
    }
    Ok(())
}
