//! What follows from the events of others: cases are dispatched, handlers recused, and the ladder climbed.

use super::outcome::{Planned, moment, regime_of, ripple, write};
use crate::domain::case::{Case, State};
use crate::domain::dispatch::{self, Decision, Loads};
use crate::domain::event::Event;
use crate::domain::{recusal, route};
use crate::publish;
use crate::store;
use contracts::Fact;
use facts::CaseView;
use house::House;
use kit_db::{Error, Result};
use kit_ids::CaseId;
use kit_messaging::{Received, Tx};
use regime::{Recused, Regime};
use std::collections::{BTreeMap, BTreeSet};

/// Applies a batch: one reading, one numbering and one writing for all its cases.
pub(crate) async fn follow(tx: &mut Tx, law: &House, events: &[Received]) -> Result<()> {
    let about: Vec<Option<CaseId>> = events.iter().map(Received::case_id).collect::<Result<_>>()?;
    let ids: Vec<CaseId> = about.iter().flatten().copied().collect::<BTreeSet<_>>().into_iter().collect();
    if ids.is_empty() {
        return Ok(());
    }
    let mut cases = store::case::lock(tx, &ids).await?;
    let mut touched = BTreeSet::new();
    open_registered(&mut cases, &mut touched, &about, events);
    let mut opened = touched.clone();
    let mut loads = store::case::loads(tx, weighed(law, &cases, &about, events)).await?;
    let mut planned = Vec::new();
    for (at, (event, case_id)) in events.iter().zip(&about).enumerate() {
        let Some(case_id) = *case_id else { continue };
        let case = cases.get_mut(&case_id).ok_or_else(|| Error::NotYet(case_id.to_string()))?;
        if matches!(event.fact, Fact::CaseRegistered(_)) {
            if !opened.remove(&case_id) {
                continue;
            }
        } else {
            touched.insert(case_id);
            case.fold(&event.fact, event.at);
        }
        for event in consequences(tx, law, case, &event.fact, &mut loads)? {
            planned.push(Planned { cause: Some(at), case_id, event });
        }
    }
    cases.retain(|case_id, _| touched.contains(case_id));
    write(tx, law, cases, planned, events).await?;
    Ok(())
}

/// A case that is here already was registered before: the repetition changes nothing.
fn open_registered(
    cases: &mut BTreeMap<CaseId, Case>,
    touched: &mut BTreeSet<CaseId>,
    about: &[Option<CaseId>],
    events: &[Received],
) {
    for (event, case_id) in events.iter().zip(about) {
        if let (Fact::CaseRegistered(registered), Some(case_id)) = (&event.fact, *case_id) {
            cases.entry(case_id).or_insert_with(|| {
                touched.insert(case_id);
                Case::new(case_id, CaseView::open(registered, event.at))
            });
        }
    }
}

/// Everybody who might be weighed in this batch, so that their loads are counted by one query.
fn weighed(law: &House, cases: &BTreeMap<CaseId, Case>, about: &[Option<CaseId>], events: &[Received]) -> Vec<String> {
    let mut staff = BTreeSet::new();
    for (event, case_id) in events.iter().zip(about) {
        let Some(case) = case_id.and_then(|id| cases.get(&id)) else { continue };
        let Some(regime) = law.regime(&case.view.regime_id, case.view.regime_version) else { continue };
        let named = match &event.fact {
            Fact::CaseClassified(classified) => classified.about_unit_id.as_deref(),
            _ => None,
        };
        let units = [Some(case.view.unit_id.as_str()), case.view.about_unit_id.as_deref(), named];
        staff.extend(dispatch::weighed(law, &regime, &case.view, units.into_iter().flatten()));
    }
    staff.into_iter().collect()
}

fn consequences(tx: &Tx, law: &House, case: &mut Case, fact: &Fact, loads: &mut Loads) -> Result<Vec<Event>> {
    let mut events = Vec::new();
    if case.state == State::Done && !matches!(fact, Fact::AppealLodged(_)) {
        return Ok(events);
    }
    let regime = regime_of(law, case)?;
    let excluded = case.view.handler.clone().filter(|handler| case.view.excluded.contains(handler));
    if let (true, Some(handler)) = (case.state.has_handler(), excluded) {
        let cite = recusal::cite(&regime, &case.view, Recused::Accused);
        let event = Event::Recused { staff_id: handler, cite, reason: None };
        recuse(tx, law, &regime, case, event, loads, &mut events)?;
    } else if case.is_due_for_dispatch(&regime) || is_appealed(&regime, case, fact) {
        dispatch_by_rule(tx, law, &regime, case, loads, &mut events)?;
    }
    let own: Vec<Fact> = events.iter().map(|event| publish::fact(case.case_id, event)).collect();
    ripple(tx, law, &regime, case, std::iter::once(fact.clone()).chain(own), &mut events)?;
    Ok(events)
}

/// Whether somebody else must now have the case: an appeal was lodged, or what it is against was reopened for it.
fn is_appealed(regime: &Regime, case: &Case, fact: &Fact) -> bool {
    matches!(fact, Fact::AppealLodged(_) | Fact::CaseReopened(_)) && route::is_appeal_due(regime, &case.view)
}

/// Keeps somebody from the case; where it was theirs, another is found.
pub(crate) fn recuse(
    tx: &Tx,
    law: &House,
    regime: &Regime,
    case: &mut Case,
    recused: Event,
    loads: &mut Loads,
    events: &mut Vec<Event>,
) -> Result<()> {
    let had_handler = case.view.handler.is_some();
    publish::happen(tx, case, &recused);
    events.push(recused);
    if had_handler && case.view.handler.is_none() {
        dispatch_by_rule(tx, law, regime, case, loads, events)?;
    }
    Ok(())
}

fn dispatch_by_rule(
    tx: &Tx,
    law: &House,
    regime: &Regime,
    case: &mut Case,
    loads: &mut Loads,
    events: &mut Vec<Event>,
) -> Result<()> {
    let now = moment(law, regime, case, tx.now())?;
    match dispatch::decide(law, regime, &case.view, now, loads) {
        Decision::Hold => case.state = State::Held,
        Decision::Leave => case.state = State::ToDispatch,
        Decision::Dispatch(choice) => {
            *loads.entry(choice.staff_id.clone()).or_default() += 1;
            let event = Event::Dispatched {
                unit_id: choice.unit_id,
                role: choice.role,
                staff_id: choice.staff_id,
                slip: String::new(),
                by: String::new(),
                cite: choice.cite,
            };
            publish::happen(tx, case, &event);
            events.push(event);
        }
    }
    Ok(())
}
