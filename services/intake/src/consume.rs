//! What the others say: the law that intake checks by, with its calendars, and how far each case is.

use crate::{
    app::App,
    store::{case, vault},
    usecase::open_linked::open_linked,
};
use contracts::{Fact, intake::CasePurged, records::DestructionOrdered};
use futures::{FutureExt as _, future::BoxFuture};
use kit_db::{Error, Result};
use kit_ids::CaseId;
use kit_messaging::{Handler, Received, Tx};
use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};
use uuid::Uuid;

/// Follows everybody else.
pub(crate) struct Follower {
    pub(crate) app: Arc<App>,
}

impl Handler for Follower {
    fn follows(&self) -> &'static [&'static str] {
        &["triage", "assignment", "resolution", "deadline-watcher", "notification", "records"]
    }

    fn apply<'a>(&'a self, tx: &'a mut Tx, events: &'a [Received]) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            self.app.law.take(tx, events).await?;
            cases(tx, &self.app, events).await
        })
    }

    fn committed(&self, events: &[Received]) -> BoxFuture<'_, ()> {
        Box::pin(self.app.law.committed(events).map(drop))
    }
}

/// Brings the views of all cases of the batch up to date: one lock, one save.
async fn cases(tx: &mut Tx, app: &App, events: &[Received]) -> Result<()> {
    let mut of_case: HashMap<Uuid, Vec<&Received>> = HashMap::new();
    for event in events {
        if let Some(id) = event.case_id()? {
            of_case.entry(id.uuid()).or_default().push(event);
        }
    }
    if of_case.is_empty() {
        return Ok(());
    }
    let ids: Vec<Uuid> = of_case.keys().copied().collect::<BTreeSet<_>>().into_iter().collect();
    let mut rows = case::lock(tx.conn(), &ids).await?;
    if let Some(absent) = ids.iter().find(|id| rows.iter().all(|row| row.case_id != **id)) {
        return Err(Error::NotYet(CaseId::new(*absent).to_string()));
    }
    for row in &mut rows {
        for event in of_case.get(&row.case_id).into_iter().flatten() {
            if let Fact::CaseMoved(to) = &event.fact
                && app.law().regime(&to.regime_id, to.regime_version).is_none()
            {
                return Err(Error::NotYet(format!("regime {} version {}", to.regime_id, to.regime_version)));
            }
            row.view.apply(&event.fact, event.at);
            if let Fact::LinkedCaseOwed(owed) = &event.fact {
                open_linked(tx, app, row, owed, event).await?;
            }
            if let Fact::DestructionOrdered(ordered) = &event.fact {
                purge(tx, row, ordered, event).await?;
            }
        }
    }
    case::save(tx.conn(), &rows).await
}

/// The time of keeping is over, and nobody keeps the file longer: what was said in the case, and by whom, is destroyed.
async fn purge(tx: &mut Tx, row: &mut case::CaseRow, ordered: &DestructionOrdered, cause: &Received) -> Result<()> {
    vault::destroy(tx.conn(), row.case_id).await?;
    let event = CasePurged { case_id: ordered.case_id.clone(), cite: ordered.cite.clone() };
    tx.publish_after(cause, &event.case_id, &event);
    row.view.apply(&Fact::CasePurged(event), cause.at);
    Ok(())
}
