//! Follows the other services: folds what they say into the cases, derives the clocks anew, and publishes the
//! difference. One transaction and one save for a whole batch.

use crate::domain::Watched;
use crate::law::{self, Ground, House, Reference};
use crate::{publish, restate, store};
use chrono::{DateTime, Utc};
use contracts::Fact;
use contracts::triage::CaseMoved;
use facts::CaseView;
use futures::future::BoxFuture;
use kit_db::Error;
use kit_ids::CaseId;
use kit_messaging::{Handler, Received, Tx};
use legal_time::ClockState;
use std::collections::BTreeMap;
use std::sync::Arc;
use tokio::sync::Notify;

/// The one handler of this service.
pub(crate) struct Follow {
    pub(crate) reference: Arc<Reference>,
    /// Wakes the sweep: something may be due sooner than it thinks.
    pub(crate) wake: Arc<Notify>,
    /// Wakes whoever opens duties: the law has changed.
    pub(crate) changed: Arc<Notify>,
}

impl Handler for Follow {
    fn follows(&self) -> &'static [&'static str] {
        &["intake", "triage", "assignment", "resolution", "notification", "records"]
    }

    fn apply<'a>(&'a self, tx: &'a mut Tx, events: &'a [Received]) -> BoxFuture<'a, kit_db::Result<()>> {
        Box::pin(async move {
            if self.reference.take(tx, events).await? {
                let now = tx.now();
                store::duty::ask(tx.conn(), now).await?;
            }
            for event in events {
                if let Fact::DutyDone(done) = &event.fact {
                    store::duty::done(tx.conn(), done).await?;
                }
            }
            let mut cases = locked(tx, events).await?;
            let mut touched: BTreeMap<CaseId, &Received> = BTreeMap::new();
            let mut moved: BTreeMap<CaseId, Moved> = BTreeMap::new();
            for event in events {
                if let Fact::CaseMoved(to) = &event.fact {
                    self.leave(tx, &mut cases, &mut moved, (event, to)).await?;
                }
                if let Some(id) = fold(&mut cases, event)? {
                    touched.insert(id, event);
                }
            }
            let house = self.house_for(tx, &cases, &touched).await?;
            for (id, cause) in &touched {
                let Some(case) = cases.get_mut(id) else { continue };
                let ground = house.ground(&case.view).map_err(Error::NotYet)?;
                let happened = derived(case, &ground, moved.get(id), tx.now());
                publish::append(tx, Some(cause), *id, &happened);
            }
            let touched: Vec<&Watched> = touched.keys().filter_map(|id| cases.get(id)).collect();
            store::save(tx.conn(), &touched).await
        })
    }

    fn committed(&self, events: &[Received]) -> BoxFuture<'_, ()> {
        let law = self.reference.committed(events);
        Box::pin(async move {
            if law.await {
                self.changed.notify_one();
            }
            self.wake.notify_one();
        })
    }
}

/// Under which version a case comes, as events name it, and its clocks as they were before.
struct Moved {
    to: String,
    was: Vec<ClockState>,
}

/// Derives the clocks anew; what the move to another version brings names that version.
fn derived(case: &mut Watched, ground: &Ground, moved: Option<&Moved>, now: DateTime<Utc>) -> Vec<Fact> {
    let mut happened = case.derive(ground, now);
    if let Some(Moved { to, was }) = moved {
        restate::stamp(&mut happened, to, was, now);
    }
    happened
}

impl Follow {
    /// What has come by the version that a case leaves is told before it leaves it: a miss stays one.
    async fn leave(
        &self,
        tx: &mut Tx,
        cases: &mut BTreeMap<CaseId, Watched>,
        moved: &mut BTreeMap<CaseId, Moved>,
        (event, to): (&Received, &CaseMoved),
    ) -> kit_db::Result<()> {
        let Some(id) = event.case_id()? else { return Ok(()) };
        let Some(case) = cases.get_mut(&id) else { return Ok(()) };
        let house = law::present(&self.reference, tx).await?;
        let ground = house.ground(&case.view).map_err(Error::NotYet)?;
        let happened = derived(case, &ground, moved.get(&id), event.at);
        publish::append(tx, Some(event), id, &happened);
        let to = format!("{}@{}", to.regime_id, to.regime_version);
        moved.insert(id, Moved { to, was: case.clocks.clone() });
        Ok(())
    }

    /// The law, read again if these cases lack something of it: another replica may have written it.
    async fn house_for(
        &self,
        tx: &mut Tx,
        cases: &BTreeMap<CaseId, Watched>,
        touched: &BTreeMap<CaseId, &Received>,
    ) -> kit_db::Result<Arc<House>> {
        let house = law::present(&self.reference, tx).await?;
        let grounds = touched.keys().filter_map(|id| cases.get(id)).map(|case| house.ground(&case.view));
        if grounds.collect::<Result<Vec<Ground>, String>>().is_ok() {
            return Ok(house);
        }
        self.reference.reload().await?;
        Ok(self.reference.get())
    }
}

async fn locked(tx: &mut Tx, events: &[Received]) -> kit_db::Result<BTreeMap<CaseId, Watched>> {
    Ok(store::lock(tx.conn(), &kit_messaging::case_ids(events)?)
        .await?
        .into_iter()
        .map(|case| (case.case_id, case))
        .collect())
}

/// Takes one event into its case; gives the case back if it changed.
fn fold(cases: &mut BTreeMap<CaseId, Watched>, event: &Received) -> kit_db::Result<Option<CaseId>> {
    let Some(id) = event.case_id()? else { return Ok(None) };
    if let Fact::CaseRegistered(registered) = &event.fact {
        let is_new = !cases.contains_key(&id);
        cases.entry(id).or_insert_with(|| Watched::open(id, CaseView::open(registered, event.at)));
        return Ok(is_new.then_some(id));
    }
    let case = cases.get_mut(&id).ok_or_else(|| Error::NotYet(format!("{id} is not registered here yet")))?;
    case.view.apply(&event.fact, event.at);
    if facts::moves(&event.fact) {
        case.version += 1;
    }
    Ok(Some(id))
}
