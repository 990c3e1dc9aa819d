//! Follows all other services: each fact of a case becomes an entry of its dossier, and moves what lists and statistics
//! are made from.

use crate::{
    convert,
    domain::{Case, Entry, ledgers},
    publish,
    store::{cases, duties, entries, surveys},
    usecase::regime_of,
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
        &["intake", "triage", "assignment", "resolution", "deadline-watcher", "notification"]
    }

    fn apply<'a>(&'a self, tx: &'a mut Tx, events: &'a [Received]) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            self.rules.take(tx, events).await?;
            let rules = self.rules.get();
            let mut batch =
                Batch { cases: cases::lock(tx.conn(), &kit_messaging::case_ids(events)?).await?, entries: Vec::new() };
            for event in events {
                caseless(tx, event).await?;
                batch.fold(tx, &rules, event).await?;
            }
            batch.write(tx).await
        })
    }

    fn committed(&self, events: &[Received]) -> BoxFuture<'_, ()> {
        Box::pin(self.rules.committed(events).map(drop))
    }
}

/// What a batch of events changes, gathered so that each table is written once.
struct Batch {
    cases: BTreeMap<CaseId, Case>,
    entries: Vec<Entry>,
}

impl Batch {
    async fn fold(&mut self, tx: &mut Tx, law: &Law, event: &Received) -> Result<()> {
        let Some(id) = event.case_id()? else { return Ok(()) };
        match &event.fact {
            Fact::CaseRegistered(_) if self.cases.contains_key(&id) => return Ok(()),
            Fact::CaseRegistered(registered) => {
                self.cases.insert(id, Case::open(CaseView::open(registered, event.at)));
            }
            fact => {
                let case = self.cases.get_mut(&id);
                let case = case.ok_or_else(|| Error::NotYet(format!("{id} is not registered here yet")))?;
                // What a clock's miss means is asked of the case as it was before.
                mark(case, law, event)?;
                case.view.apply(fact, event.at);
            }
        }
        let Some(case) = self.cases.get_mut(&id) else { return Ok(()) };
        self.entries.push(entry(id, case, event));
        let regime = regime_of(law, case)?;
        for row in ledgers::rows(&regime, &case.view, &event.fact) {
            publish::entered(tx, Some(event), (id, &case.view), row, ("", None)).await?;
        }
        if let Fact::CaseClosed(_) = event.fact {
            let zone = law.directory().zone(&case.view.unit_id);
            self.entries.extend(publish::archive(tx, event, id, case, &regime, zone));
        }
        Ok(())
    }

    async fn write(mut self, tx: &mut Tx) -> Result<()> {
        let touched: BTreeSet<CaseId> = self.entries.iter().map(|e| e.case_id).collect();
        self.cases.retain(|id, _| touched.contains(id));
        self.cases.values_mut().for_each(|case| case.version += 1);
        cases::save(tx.conn(), &self.cases).await?;
        entries::insert(tx.conn(), &self.entries).await
    }
}

/// A recurring duty opened, or its time is over; or a survey is.
async fn caseless(tx: &mut Tx, event: &Received) -> Result<()> {
    match &event.fact {
        Fact::DutyDue(due) => {
            let id = tx.id();
            duties::open(tx.conn(), id, due, event.at).await
        }
        Fact::DutyMissed(missed) => duties::miss(tx.conn(), missed, event.at).await,
        Fact::SurveyClosed(closed) => surveys::keep(tx.conn(), closed).await,
        _ => Ok(()),
    }
}

/// What statistics count and the view does not say.
fn mark(case: &mut Case, law: &Law, event: &Received) -> Result<()> {
    match &event.fact {
        Fact::ClockMissed(missed) => {
            let regime = regime_of(law, case)?;
            case.missed(&regime, missed, event.at);
        }
        Fact::DeadlineMoved(moved) => case.moved(moved, event.at),
        Fact::CaseCalledBack(called) => {
            let regime = regime_of(law, case)?;
            case.called_back(&regime, &called.satisfaction, event.at);
        }
        _ => {}
    }
    Ok(())
}

fn entry(id: CaseId, case: &mut Case, event: &Received) -> Entry {
    let (args, refs) = convert::line(&event.fact);
    // A fact need not change the history.
    case.entries += 1;
    Entry {
        case_id: id,
        place: case.entries,
        producer: event.producer.clone(),
        log_place: Some((event.partition, event.seq)),
        at: event.at,
        fact: event.fact.word().to_owned(),
        args,
        refs,
        actor: event.envelope.actor.clone(),
    }
}
