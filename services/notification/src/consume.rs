//! Follows the other services: remembers what they say of a case, and plans whom to tell.

use crate::{
    convert,
    domain::{
        Case, Plan, PlannedNotice,
        duty::Duty,
        plan::{self, Happening, Watchers},
    },
    publish,
    store::{
        cases, notices,
        notices::{NewNotice, Subject},
        tasks,
        tasks::NewTask,
    },
};
use chrono::{DateTime, Utc};
use contracts::Fact;
use facts::{CaseView, Law};
use futures::{FutureExt as _, future::BoxFuture};
use kit_db::{Error, Result};
use kit_ids::{CaseId, NoticeId, TaskId};
use kit_messaging::{Handler, Received, Tx};
use kit_reference::Reference;
use regime::FactRef;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};
use tokio::sync::Notify;

/// The one handler of this service.
pub(crate) struct Follow {
    pub(crate) rules: Arc<Reference<Law>>,
    /// Wakes the sender.
    pub(crate) wake: Arc<Notify>,
}

impl Handler for Follow {
    fn follows(&self) -> &'static [&'static str] {
        &["intake", "triage", "assignment", "resolution", "deadline-watcher", "records"]
    }

    fn apply<'a>(&'a self, tx: &'a mut Tx, events: &'a [Received]) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            self.rules.take(tx, events).await?;
            let rules = self.rules.get();
            let mut batch =
                Batch { cases: cases::lock(tx.conn(), &kit_messaging::case_ids(events)?).await?, ..Batch::default() };
            for event in events {
                batch.fold(&rules, event)?;
            }
            batch.write(tx).await
        })
    }

    fn committed(&self, events: &[Received]) -> BoxFuture<'_, ()> {
        self.wake.notify_one();
        Box::pin(self.rules.committed(events).map(drop))
    }
}

/// What follows from one event of a case, by the version that governed it then: a notice keeps its words wherever the case
/// moves.
struct Planned<'a> {
    cause: &'a Received,
    case_id: CaseId,
    regime: (String, u32),
    plan: Plan,
}

/// What a batch of events changes, gathered so that each table is written once.
#[derive(Default)]
struct Batch<'a> {
    cases: BTreeMap<CaseId, Case>,
    touched: BTreeSet<CaseId>,
    ended: BTreeSet<CaseId>,
    plans: Vec<Planned<'a>>,
    /// Notices of duties, each with the regime that knows it.
    duties: Vec<(Subject, PlannedNotice)>,
}

impl<'a> Batch<'a> {
    fn fold(&mut self, law: &Law, event: &'a Received) -> Result<()> {
        match &event.fact {
            Fact::DutyDue(due) => return self.duty(law, &due.into()),
            Fact::DutyMissed(missed) => return self.duty(law, &missed.into()),
            _ => {}
        }
        let Some(id) = event.case_id()? else { return Ok(()) };
        if let Fact::CaseRegistered(registered) = &event.fact {
            if self.cases.contains_key(&id) {
                return Ok(());
            }
            self.cases.insert(id, Case::open(CaseView::open(registered, event.at)));
        } else {
            let case = self.cases.get_mut(&id);
            let case = case.ok_or_else(|| Error::NotYet(format!("{id} is not registered here yet")))?;
            case.view.apply(&event.fact, event.at);
            clocks(case, &event.fact);
        }
        self.touched.insert(id);
        if is_end(&event.fact) {
            self.ended.insert(id);
            self.plans.iter_mut().filter(|one| one.case_id == id).for_each(|one| one.plan.tasks.clear());
        }
        self.plan(law, event, id)
    }

    fn duty(&mut self, law: &Law, duty: &Duty<'_>) -> Result<()> {
        let (id, version) = (duty.regime_id, duty.regime_version);
        let regime = law.regime(id, version).ok_or_else(|| Error::NotYet(format!("regime {id} version {version}")))?;
        let notices = duty.notices(&regime, law.directory());
        let about = Subject { case_id: None, regime: (id.to_owned(), version) };
        self.duties.extend(notices.into_iter().map(|notice| (about.clone(), notice)));
        Ok(())
    }

    fn plan(&mut self, law: &Law, event: &'a Received, id: CaseId) -> Result<()> {
        let Some(case) = self.cases.get(&id) else { return Ok(()) };
        let regime = law.regime(&case.view.regime_id, case.view.regime_version).ok_or_else(|| {
            Error::NotYet(format!("regime {} version {}", case.view.regime_id, case.view.regime_version))
        })?;
        let happening = Happening {
            facts: known_as(&event.fact),
            occurrence: format!("{}.{}.{}", event.producer, event.partition, event.seq),
            due_at: due_at(&event.fact),
            watchers: watchers(&event.fact),
            effects: facts::effects(&regime, &case.view, &event.fact),
            parts: convert::parts(&event.fact),
            text: convert::text(&event.fact),
        };
        let plan = plan::plan(case, &regime, law.directory(), &happening);
        if plan != Plan::default() {
            let regime = (case.view.regime_id.clone(), case.view.regime_version);
            self.plans.push(Planned { cause: event, case_id: id, regime, plan });
        }
        Ok(())
    }

    async fn write(mut self, tx: &mut Tx) -> Result<()> {
        let now = tx.now();
        self.cases.retain(|id, _| self.touched.contains(id));
        self.cases.values_mut().for_each(|case| case.version += 1);
        cases::save(tx.conn(), &self.cases).await?;
        if !self.ended.is_empty() {
            let ended: Vec<CaseId> = self.ended.iter().copied().collect();
            tasks::drop_open(tx.conn(), &ended, now).await?;
        }
        let documented: Vec<CaseId> =
            self.plans.iter().filter(|one| has_document(&one.plan)).map(|one| one.case_id).collect();
        let mut numbers = notices::documents(tx.conn(), &documented).await?;
        let (mut queued, mut causes, mut owed) = (Vec::new(), Vec::new(), Vec::new());
        for Planned { cause, case_id, regime, plan } in self.plans {
            let unit_id = self.cases.get(&case_id).map(|c| c.view.unit_id.clone()).unwrap_or_default();
            for planned in plan.notices {
                let document = if planned.is_document { numbers.next(case_id, &planned) } else { String::new() };
                let about = Subject { case_id: Some(case_id), regime: regime.clone() };
                queued.push(NewNotice { notice_id: NoticeId::new(tx.id()), about, document, planned });
            }
            for planned in plan.tasks {
                causes.push(cause);
                owed.push(NewTask { task_id: TaskId::new(tx.id()), case_id, unit_id: unit_id.clone(), planned });
            }
        }
        for (about, planned) in self.duties {
            queued.push(NewNotice { notice_id: NoticeId::new(tx.id()), about, document: String::new(), planned });
        }
        notices::insert(tx.conn(), &queued, now).await?;
        let new = tasks::insert(tx.conn(), &owed, now).await?;
        for (cause, task) in causes.into_iter().zip(&owed).filter(|(_, task)| new.contains(&task.task_id)) {
            publish::opened(tx, cause, task);
        }
        Ok(())
    }
}

/// Whether the fact ends the case before it was handled, so that nothing is owed any more but to say so.
fn is_end(fact: &Fact) -> bool {
    match fact {
        Fact::CaseDeclined(_) => true,
        Fact::CaseWithdrawn(withdrawn) => withdrawn.then.is_empty(),
        _ => false,
    }
}

/// All that the fact is known as; a registration is also when it was written down.
fn known_as(fact: &Fact) -> Vec<FactRef> {
    let named = |(word, arg): (&str, Option<&str>)| FactRef { word: word.to_owned(), arg: arg.map(str::to_owned) };
    let recorded = matches!(fact, Fact::CaseRegistered(_)).then(|| FactRef::new("case-recorded"));
    facts::names(fact).into_iter().map(named).chain(recorded).collect()
}

fn has_document(plan: &Plan) -> bool {
    plan.notices.iter().any(|notice| notice.is_document)
}

/// Keeps when each running clock ends.
fn clocks(case: &mut Case, fact: &Fact) {
    match fact {
        Fact::ClockStopped(stopped) => {
            case.dues.remove(&stopped.clock);
        }
        Fact::ClockStarted(started) => case.dues.extend(due_at(fact).map(|at| (started.clock.clone(), at))),
        Fact::DeadlineMoved(moved) => case.dues.extend(due_at(fact).map(|at| (moved.clock.clone(), at))),
        _ => {}
    }
}

fn due_at(fact: &Fact) -> Option<DateTime<Utc>> {
    let due = match fact {
        Fact::ClockStarted(e) => &e.due_at,
        Fact::DeadlineMoved(e) => &e.due_at,
        Fact::DeadlineNear(e) => &e.due_at,
        Fact::ClockMissed(e) => &e.due_at,
        _ => return None,
    };
    due.as_ref().and_then(kit_grpc::instant)
}

fn watchers(fact: &Fact) -> Watchers<'_> {
    match fact {
        Fact::DeadlineNear(near) => Watchers::Roles(&near.tell),
        Fact::CaseEscalated(up) => Watchers::Staff { role: &up.role, staff_ids: &up.staff_ids },
        Fact::OrderGiven(order) => Watchers::Ordered { role: &order.to, staff_ids: &order.staff_ids },
        _ => Watchers::Nobody,
    }
}
