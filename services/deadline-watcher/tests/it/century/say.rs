//! The services that are followed, as they speak.

use super::hall::Hall;
use chrono::{DateTime, Utc};
use contracts::Fact;
use kit_core::ManualClock;
use kit_messaging::Tx;
use std::collections::BTreeMap;
use std::sync::Arc;

impl Hall {
    /// Says, as the services that own them and at one instant, that these things happened.
    pub(super) async fn say(&self, at: DateTime<Utc>, facts: Vec<(String, Fact)>) {
        let mut by_owner: BTreeMap<&str, Vec<(String, Fact)>> = BTreeMap::new();
        for (key, fact) in facts {
            by_owner.entry(fact.owner()).or_default().push((key, fact));
        }
        let by_owner = by_owner.into_iter().map(|(owner, facts)| async move {
            let log = self.others[owner].with_clock(Arc::new(ManualClock::new(at)));
            let said = log.in_tx("test", move |tx| {
                Box::pin(async move {
                    facts.iter().for_each(|(key, fact)| publish(tx, key, fact));
                    Ok(())
                })
            });
            said.await.unwrap();
        });
        futures::future::join_all(by_owner).await;
    }
}

macro_rules! publish {
    ($tx:ident, $key:ident, $fact:ident, $($event:ident)*) => {
        match $fact {
            $(Fact::$event(e) => $tx.publish($key, e),)*
            other => panic!("{} is not said by the simulation", other.word()),
        }
    };
}

fn publish(tx: &mut Tx, key: &str, fact: &Fact) {
    publish!(tx, key, fact, UnitChanged StaffChanged RegimePublished CaseRegistered CaseSupplemented CaseWithdrawn
        CaseAccepted CaseDeclined CaseGraded ValidityJudged ContainmentRecorded CaseDispatched CaseSigned CaseReturned
        InvestigationOpened NoteAdded DecisionProposed ComplainantAnswered CaseResolved StepDone ComplainantTold
        CaseClosed TaskOpened TaskDone);
}
