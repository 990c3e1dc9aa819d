//! Follows the other services: remembers what they say of a case, and answers some of it with a fact of ours.

use crate::{
    convert,
    domain::{Case, effect},
    publish, store,
    usecase::{self, Reaction},
};
use contracts::Fact;
use facts::{CaseView, Law};
use futures::{FutureExt as _, future::BoxFuture};
use kit_db::{Error, Result};
use kit_ids::CaseId;
use kit_messaging::{Handler, Received, Tx};
use kit_reference::Reference;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// The one handler of this service.
pub(crate) struct Follow {
    pub(crate) rules: Arc<Reference<Law>>,
}

impl Handler for Follow {
    fn follows(&self) -> &'static [&'static str] {
        &["intake", "triage", "assignment", "deadline-watcher", "notification", "records"]
    }

    fn apply<'a>(&'a self, tx: &'a mut Tx, events: &'a [Received]) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            self.rules.take(tx, events).await?;
            let mut cases = store::lock(tx.conn(), &kit_messaging::case_ids(events)?).await?;
            let mut touched = BTreeSet::new();
            let law = self.rules.get();
            for event in events {
                if let Some(id) = fold(tx, &law, &mut cases, event)? {
                    touched.insert(id);
                }
            }
            cases.retain(|id, _| touched.contains(id));
            let moved = events.iter().filter(|e| facts::moves(&e.fact)).filter_map(|e| e.case_id().transpose());
            for id in moved.collect::<Result<BTreeSet<CaseId>>>()? {
                if let Some(case) = cases.get_mut(&id) {
                    case.version += 1;
                }
            }
            store::save(tx.conn(), &cases).await
        })
    }

    fn committed(&self, events: &[Received]) -> BoxFuture<'_, ()> {
        Box::pin(self.rules.committed(events).map(drop))
    }
}

/// Takes one event into its case; gives the case back if it changed.
fn fold(tx: &mut Tx, law: &Law, cases: &mut BTreeMap<CaseId, Case>, event: &Received) -> Result<Option<CaseId>> {
    let Some(id) = event.case_id()? else { return Ok(None) };
    if let Fact::CaseRegistered(registered) = &event.fact {
        if cases.contains_key(&id) {
            return Ok(None);
        }
        cases.insert(id, Case::open(CaseView::open(registered, event.at)));
    }
    let case = cases.get_mut(&id).ok_or_else(|| Error::NotYet(format!("{id} is not registered here yet")))?;
    if !matches!(event.fact, Fact::CaseRegistered(_)) {
        case.view.apply(&event.fact, event.at);
    }
    let regime = usecase::regime_of(law, case)?;
    let mut events = effect::brought(case, &regime, &event.fact);
    events.extend(reaction(&event.fact).map(|reaction| usecase::react(case, &regime, reaction)).unwrap_or_default());
    publish::append(tx, Some(event), case, &regime, events);
    Ok(Some(id))
}

fn reaction(fact: &Fact) -> Option<Reaction<'_>> {
    match fact {
        Fact::TaskDone(done) if done.is_reached => Some(match done.purpose.as_str() {
            "complainant-told" => {
                Reaction::Told { way: &done.way, by: &done.staff_id, parts: convert::parts_of(&done.parts) }
            }
            "case-called-back" => Reaction::CalledBack { satisfaction: &done.satisfaction, by: &done.staff_id },
            step => Reaction::Proved { step, by: &done.staff_id },
        }),
        Fact::NoticeSent(sent) => match sent.done.as_str() {
            "" => None,
            "complainant-told" => Some(Reaction::Told { way: &sent.way, by: "", parts: BTreeMap::new() }),
            step => Some(Reaction::Proved { step, by: "" }),
        },
        Fact::AnsweredAtOnce(e) => Some(Reaction::AnsweredAtOnce { way: &e.way, by: &e.staff_id }),
        Fact::CaseDeclined(_) => Some(Reaction::Ended { outcome: "declined" }),
        Fact::CaseReferred(e) if !e.awaits_report_back => Some(Reaction::Ended { outcome: "referred" }),
        Fact::CaseWithdrawn(e) if e.then.is_empty() => Some(Reaction::Ended { outcome: "withdrawn" }),
        Fact::CaseLinked(e) if e.relation == "merged" => Some(Reaction::Ended { outcome: "merged" }),
        _ => None,
    }
}
