//! What follows from the events of others: a registered case waits for triage, and a later fact may grade it anew.

use super::outcome::{grade_anew, regime_of};
use crate::domain::case::Case;
use crate::publish;
use crate::store;
use contracts::Fact;
use facts::{CaseView, Law};
use kit_db::{Error, Result};
use kit_ids::CaseId;
use kit_messaging::{Received, Tx};
use std::collections::BTreeSet;

/// Applies a batch: one reading and one writing for all its cases.
pub(crate) async fn follow(tx: &mut Tx, law: &Law, events: &[Received]) -> Result<()> {
    let about: Vec<Option<CaseId>> = events.iter().map(Received::case_id).collect::<Result<_>>()?;
    let ids: Vec<CaseId> = about.iter().flatten().copied().collect::<BTreeSet<_>>().into_iter().collect();
    if ids.is_empty() {
        return Ok(());
    }
    let mut cases = store::case::lock(tx, &ids).await?;
    let mut touched = BTreeSet::new();
    let mut happened: Vec<(&Received, Fact)> = Vec::new();
    for (event, case_id) in events.iter().zip(&about) {
        let Some(case_id) = *case_id else { continue };
        if let Fact::CaseRegistered(registered) = &event.fact {
            // A case that is here already was registered before: the repetition changes nothing.
            cases.entry(case_id).or_insert_with(|| {
                touched.insert(case_id);
                Case { case_id, view: CaseView::open(registered, event.at), version: 1 }
            });
            continue;
        }
        let case = cases.get_mut(&case_id).ok_or_else(|| Error::NotYet(case_id.to_string()))?;
        touched.insert(case_id);
        case.fold(&event.fact, event.at);
        if !case.view.severity.is_empty() {
            let regime = regime_of(law, case)?;
            happened.extend(grade_anew(tx, &regime, case).map(|graded| (event, graded)));
        }
    }
    let changed: Vec<&Case> = cases.values().filter(|case| touched.contains(&case.case_id)).collect();
    store::case::save(tx, &changed).await?;
    for (cause, fact) in happened {
        publish::append(tx, Some(cause), &fact);
    }
    Ok(())
}
