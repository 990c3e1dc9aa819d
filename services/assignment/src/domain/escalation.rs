//! Who watches a late case: the ladder of the regime, climbed to a rung and never down again.

use crate::domain::case::Event;
use crate::domain::dispatch::eligible;
use facts::{CaseView, Law};
use regime::Regime;

/// The rung that a miss of `clock` reaches, if the case has not been there already. A rung where everybody is excluded
/// is passed over; at the top, even an empty rung is reached, so that the climb is on record.
pub(crate) fn climb(law: &Law, regime: &Regime, view: &CaseView, clock: &str, rung: u32) -> Option<Event> {
    let top = u32::try_from(regime.ladder.len()).ok().filter(|top| *top > 0)?;
    let from = rung.min(top);
    if rung == 0 || from <= view.rung {
        return None;
    }
    let unit_id = view.handling_unit_id.as_deref().unwrap_or(&view.unit_id);
    let rungs = (1..=top).zip(&regime.ladder).skip_while(|(n, _)| *n < from);
    let mut reached = None;
    for (n, step) in rungs {
        let staff_ids = eligible(law, view, unit_id, &step.role);
        let is_empty = staff_ids.is_empty();
        reached = Some(Event::Escalated { clock: clock.to_owned(), rung: n, role: step.role.clone(), staff_ids });
        if !is_empty {
            break;
        }
    }
    reached
}
