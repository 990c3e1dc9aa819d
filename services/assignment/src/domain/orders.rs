//! Orders: who owes the answer, on which ground and by when.

use crate::domain::dispatch::{Sought, holders};
use crate::domain::event::{Event, Given};
use crate::domain::moment::Moment;
use crate::domain::{refusal, route};
use chrono::NaiveDate;
use facts::{CaseView, Law};
use kit_core::Problem;
use regime::vocabulary::{ANYONE, CASE_ROLES, FIRST_CONTACT, HANDLER, TEAM};
use regime::{Ending, Order, OrderTo, Regime};

/// Who owes the answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Recipients {
    pub unit_id: String,
    pub to: String,
    pub staff_ids: Vec<String>,
    /// Nobody was there for whom it was meant: it goes to the next rung of the ladder.
    pub has_risen: bool,
}

/// What somebody wants ordered.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wanted {
    pub order: String,
    pub ground: String,
    pub unit_id: String,
    pub staff_ids: Vec<String>,
    pub due: Option<NaiveDate>,
}

/// Who receives the order, in this unit or where the rules say.
pub(crate) fn recipients(
    law: &Law,
    regime: &Regime,
    view: &CaseView,
    now: Moment,
    order: &Order,
    unit: &str,
) -> Recipients {
    let here = if unit.is_empty() { view.handling_unit_id.as_deref().unwrap_or(&view.unit_id) } else { unit };
    let routed = route::way(regime, view, now).map_or("", |way| way.role);
    let on_duty = order.on_duty.then_some(now.at);
    let of = |role: &str, unit: &str| {
        (role.to_owned(), holders(law, regime, view, unit, Sought { role, on_duty }), unit.to_owned())
    };
    let row = order.addressee(view, || now.office);
    let (to, staff_ids, unit_id) = match row.map(|row| &row.to) {
        Some(OrderTo::Body(body)) => {
            return Recipients { to: body.clone(), ..Recipients::default() };
        }
        Some(OrderTo::Role(role)) if CASE_ROLES.contains(&role.as_str()) => {
            (role.clone(), of_case(view, role), here.to_owned())
        }
        Some(OrderTo::Role(role)) => match of(role, here) {
            (_, none, _) if none.is_empty() => of(role, &view.unit_id),
            found => found,
        },
        Some(OrderTo::Unit) => of(routed, here),
        Some(OrderTo::Above) => {
            of(routed, law.directory().unit(here).and_then(|unit| unit.parent.as_deref()).unwrap_or(""))
        }
        Some(OrderTo::Competent) => match route::competent(law, regime, view).as_slice() {
            [one] => of(routed, &one.id),
            _ => (routed.to_owned(), Vec::new(), here.to_owned()),
        },
        None => (String::new(), Vec::new(), here.to_owned()),
    };
    if !staff_ids.is_empty() {
        return Recipients { unit_id, to, staff_ids, has_risen: false };
    }
    let risen = regime.roles_above(&to).map(|role| of(role, here)).find(|(_, staff, _)| !staff.is_empty());
    match risen {
        Some((to, staff_ids, unit_id)) => Recipients { unit_id, to, staff_ids, has_risen: true },
        None => Recipients { unit_id: here.to_owned(), to, ..Recipients::default() },
    }
}

/// Those to whom the case itself gives the role, less whoever is kept away from it.
fn of_case(view: &CaseView, role: &str) -> Vec<String> {
    let staff: Vec<String> = match role {
        HANDLER => view.handler.iter().cloned().collect(),
        FIRST_CONTACT => view.first_contact.iter().cloned().collect(),
        TEAM => view.teams.values().flatten().cloned().collect(),
        // An order to no matter whom is one that nobody owes.
        ANYONE | _ => Vec::new(),
    };
    staff.into_iter().filter(|id| !view.excluded.contains(id)).collect()
}

/// Whether the order goes to a body outside, to which nobody of ours answers.
fn is_outward(order: &Order, view: &CaseView, now: Moment) -> bool {
    order.addressee(view, || now.office).is_some_and(|row| matches!(row.to, OrderTo::Body(_)))
}

/// The first ground that the case itself suggests.
pub(crate) fn suggested<'a>(order: &'a Order, view: &CaseView) -> Option<&'a Ending> {
    order.grounds.iter().find(|ground| !ground.condition.is_always() && ground.condition.holds(view))
}

/// The order that a person gives on this day.
pub(crate) fn given(
    law: &Law,
    regime: &Regime,
    view: &CaseView,
    now: Moment,
    wanted: Wanted,
    today: NaiveDate,
) -> Result<Given, Problem> {
    let order = order(regime, &wanted.order)?;
    let ground = ground(order, view, &wanted.ground)?;
    match (order.is_dated, wanted.due) {
        (true, None) => {
            return Err(refusal::of_field(
                "due",
                "due-needed",
                "须写明期限",
                "The last day must be named",
                &order.cite,
            ));
        }
        (false, Some(_)) => {
            return Err(refusal::of_field(
                "due",
                "no-due",
                "这项指令不定期限",
                "This order has no last day",
                &order.cite,
            ));
        }
        (true, Some(due)) if due < today => {
            return Err(refusal::of_field("due", "date-passed", "期限已过", "That day has passed", &order.cite));
        }
        _ => {}
    }
    if !wanted.unit_id.is_empty() && !law.directory().unit(&wanted.unit_id).is_some_and(|unit| !unit.is_closed) {
        return Err(refusal::unknown_unit("unit_id"));
    }
    let found = recipients(law, regime, view, now, order, &wanted.unit_id);
    let staff_ids = match wanted.staff_ids {
        chosen if chosen.is_empty() => found.staff_ids,
        chosen => {
            if chosen.iter().any(|id| !found.staff_ids.contains(id)) {
                return Err(refusal::of_field(
                    "staff_id",
                    "not-a-candidate",
                    "此人不是这项指令的对象",
                    "The order is not for this person",
                    &order.cite,
                ));
            }
            chosen
        }
    };
    if staff_ids.is_empty() && !is_outward(order, view, now) {
        return Err(refusal::nobody_there(&order.cite));
    }
    let (unit_id, to, cite) = (found.unit_id, found.to, order.cite.clone());
    let (order, due) = (order.id.clone(), wanted.due);
    Ok(Given { no: next(view), order, ground, unit_id, staff_ids, to, due, cite, ..Given::default() })
}

/// The order that a rule gives; where nobody is there for it, it is on record all the same.
pub(crate) fn automatic(
    law: &Law,
    regime: &Regime,
    view: &CaseView,
    now: Moment,
    order: &str,
    cite: &str,
) -> Option<Event> {
    let order = regime.order(order)?;
    let found = recipients(law, regime, view, now, order, "");
    let ground = suggested(order, view).map(|ground| ground.id.clone()).unwrap_or_default();
    let (unit_id, to, staff_ids) = (found.unit_id, found.to, found.staff_ids);
    let (order, cite) = (order.id.clone(), cite.to_owned());
    Some(Event::Ordered(Given { no: next(view), order, ground, unit_id, staff_ids, to, cite, ..Given::default() }))
}

fn next(view: &CaseView) -> u32 {
    view.orders.iter().map(|order| order.no).max().unwrap_or(0) + 1
}

/// The order of this name.
pub(crate) fn order<'a>(regime: &'a Regime, name: &str) -> Result<&'a Order, Problem> {
    let known: Vec<&str> = regime.orders.iter().map(|order| order.id.as_str()).collect();
    regime.order(name).ok_or_else(|| refusal::unknown("order", "unknown-order", name, &known))
}

fn ground(order: &Order, view: &CaseView, wanted: &str) -> Result<String, Problem> {
    if order.grounds.is_empty() && wanted.is_empty() {
        return Ok(String::new());
    }
    let known: Vec<&str> = order.grounds.iter().map(|ground| ground.id.as_str()).collect();
    let ground = order.grounds.iter().find(|ground| ground.id == wanted);
    let ground = ground.ok_or_else(|| refusal::unknown("ground", "unknown-ground", wanted, &known))?;
    if ground.only && !ground.condition.holds(view) {
        let (zh, en) = ("本件不具备这一情形", "The case does not meet this ground");
        return Err(refusal::of_field("ground", "not-available", zh, en, &ground.cite));
    }
    Ok(ground.id.clone())
}
