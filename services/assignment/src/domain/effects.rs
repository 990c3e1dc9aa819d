//! What happens of itself by the rules of a regime, as far as assignment does it: climbs and orders.

use crate::domain::escalation;
use crate::domain::event::{Climb, Event};
use crate::domain::moment::Moment;
use crate::domain::orders;
use contracts::Fact;
use facts::{CaseView, DueEffect, Law};
use regime::{Effect, Regime};

/// The event that an effect of the fact comes to, if it is ours and changes anything.
pub(crate) fn event(
    law: &Law,
    regime: &Regime,
    view: &CaseView,
    now: Moment,
    fact: &Fact,
    due: &DueEffect,
) -> Option<Event> {
    match &due.effect {
        Effect::Climb(rung) => {
            let clock = match fact {
                Fact::ClockMissed(missed) => missed.clock.clone(),
                Fact::ClockOverdue(late) => late.clock.clone(),
                _ => String::new(),
            };
            let wanted = Climb { clock, rung: *rung, cite: due.cite.clone(), ..Climb::default() };
            escalation::climb(law, regime, view, &wanted)
        }
        Effect::Order(order) => orders::automatic(law, regime, view, now, order, &due.cite),
        _ => None,
    }
}
