//! What a person does here: enters a case into a ledger, shows it to the public or keeps it from them, does a duty.

mod approve_destruction;
mod do_duty;

pub(crate) use approve_destruction::approve_destruction;
pub(crate) use do_duty::do_duty;

use crate::{
    domain::{Case, ledgers, publicity, refusal},
    publish,
    store::{cases, publications},
};
use contracts::records::{EnterLedgerRequest, PublishRequest, WithholdRequest};
use facts::Law;
use kit_core::Problem;
use kit_db::{Error, Result};
use kit_ids::CaseId;
use kit_messaging::Tx;
use regime::{Regime, vocabulary};
use std::sync::Arc;

/// A most of points that nobody means to exceed.
const MOST_POINTS: u32 = 10_000;

/// The case under lock and its regime, if this person may do that with it now.
async fn ready(tx: &mut Tx, law: &Law, staff: &str, id: CaseId, act: &str) -> Result<(Case, Arc<Regime>)> {
    let case = cases::lock(tx.conn(), &[id]).await?.remove(&id).ok_or_else(Problem::unknown_case)?;
    facts::authorise(law, &case.view, staff, act)?;
    let regime = regime_of(law, &case)?;
    let lacks = facts::lacks(&regime, &case.view, act);
    if !lacks.is_empty() {
        return Err(facts::not_yet(&lacks).into());
    }
    Ok((case, regime))
}

/// The law of a case: the version in force when it was received, or the one to which it was moved.
pub(crate) fn regime_of(law: &Law, case: &Case) -> Result<Arc<Regime>> {
    let (id, version) = (&case.view.regime_id, case.view.regime_version);
    law.regime(id, version).ok_or_else(|| Error::NotYet(format!("regime {id} version {version}")))
}

/// Enters the case into a ledger by hand.
pub(crate) async fn enter(tx: &mut Tx, law: &Law, staff: &str, id: CaseId, asked: &EnterLedgerRequest) -> Result<()> {
    let act = format!("enter({})", asked.ledger);
    let (case, regime) = ready(tx, law, staff, id, &act).await?;
    let Some(ledger) = regime.ledger(&asked.ledger) else {
        let known = regime.records.ledgers.iter().map(|ledger| ledger.id.as_str());
        return Err(refusal::unknown_word("ledger", &asked.ledger, known).into());
    };
    if asked.points > MOST_POINTS {
        let (zh, en) = (format!("分值不得超过 {MOST_POINTS}"), format!("At most {MOST_POINTS} points"));
        return Err(Problem::field("points", "out-of-range", zh, en).into());
    }
    let text = kit_grpc::parse_ref(&asked.case_id, "text_ref", &asked.text_ref)?;
    let row = ledgers::Row { points: asked.points, ..ledgers::by_hand(ledger, &case.view) };
    publish::entered(tx, None, (id, &case.view), row, (staff, text)).await
}

/// Shows the case to the public.
pub(crate) async fn show(
    tx: &mut Tx,
    law: &Law,
    staff: &str,
    id: CaseId,
    asked: &PublishRequest,
) -> Result<Vec<String>> {
    let (case, regime) = ready(tx, law, staff, id, "publish").await?;
    let rule = regime.publicity().ok_or_else(refusal::no_publicity)?;
    if !is_publisher(law, &regime, &case, staff, &rule.by) {
        return Err(refusal::not_publisher(&regime, &rule.by, &rule.cite).into());
    }
    let missing = publicity_lacks(&regime, &case);
    if !missing.is_empty() {
        return Err(facts::not_yet(&missing).into());
    }
    if publications::state(&mut *tx.conn(), id).await?.as_deref() == Some("published") {
        return Err(refusal::already_published().into());
    }
    let shown = publicity::shown(&regime, rule, &case.view, law.directory(), &asked.nevers, &asked.texts)?;
    let now = tx.now();
    publications::put(tx.conn(), id, &case.view.unit_id, "published", &shown, now).await?;
    let shows: Vec<String> = shown.into_iter().map(|one| one.id).collect();
    publish::published(tx, id, staff, shows.clone()).await?;
    Ok(shows)
}

/// What must have happened before the case is shown.
pub(crate) fn publicity_lacks(regime: &Regime, case: &Case) -> Vec<regime::Missing> {
    let Some(rule) = regime.publicity() else { return Vec::new() };
    let lack = |fact: &regime::FactRef| {
        let (say, cite) = (regime.fact_title(fact), rule.cite.clone());
        regime::Missing { needs: Some(fact.clone()), say, cite }
    };
    rule.needs.iter().filter(|fact| !regime::Case::has(&case.view, fact)).map(lack).collect()
}

/// Whether this person publishes in this case.
pub(crate) fn is_publisher(law: &Law, regime: &Regime, case: &Case, staff: &str, role: &str) -> bool {
    match role {
        vocabulary::HANDLER => case.view.handler.as_deref() == Some(staff),
        vocabulary::FIRST_CONTACT => case.view.first_contact.as_deref() == Some(staff),
        vocabulary::TEAM => case.view.teams.values().any(|team| team.contains(staff)),
        vocabulary::ANYONE => true,
        role => facts::acts_by(law.directory(), regime, &case.view, staff, role),
    }
}

/// Keeps the case from the public; what was shown is taken away.
pub(crate) async fn withhold(tx: &mut Tx, law: &Law, staff: &str, id: CaseId, asked: &WithholdRequest) -> Result<()> {
    let (case, regime) = ready(tx, law, staff, id, "withhold").await?;
    regime.publicity().ok_or_else(refusal::no_publicity)?;
    let reason = kit_grpc::parse_ref(&asked.case_id, "reason_ref", &asked.reason_ref)?;
    let now = tx.now();
    publications::put(tx.conn(), id, &case.view.unit_id, "withheld", &[], now).await?;
    publish::withheld(tx, id, staff, reason).await
}
