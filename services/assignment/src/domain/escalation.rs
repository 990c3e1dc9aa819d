//! Who watches a case: the ladder of the regime, climbed to a rung and never down again.

use crate::domain::dispatch::eligible;
use crate::domain::event::{Climb, Event};
use facts::{CaseView, Law};
use regime::Regime;

/// The rung that is climbed to, if the case has not been there already. A rung where everybody is kept away is passed
/// over; at the top, even an empty rung is reached, so that the climb is on record.
pub(crate) fn climb(law: &Law, regime: &Regime, view: &CaseView, wanted: &Climb) -> Option<Event> {
    let top = u32::try_from(regime.ladder.len()).ok().filter(|top| *top > 0)?;
    let from = wanted.rung.min(top);
    if wanted.rung == 0 || from <= view.rung {
        return None;
    }
    let unit_id = view.handling_unit_id.as_deref().unwrap_or(&view.unit_id);
    let mut reached = None;
    for (rung, step) in (1..=top).zip(&regime.ladder).skip_while(|(n, _)| *n < from) {
        let mut staff_ids: Vec<String> = Vec::new();
        for id in step.roles.iter().flat_map(|role| eligible(law, regime, view, unit_id, role)) {
            if !staff_ids.contains(&id) {
                staff_ids.push(id);
            }
        }
        let is_empty = staff_ids.is_empty();
        reached = Some(Event::Escalated(Climb { rung, roles: step.roles.clone(), staff_ids, ..wanted.clone() }));
        if !is_empty {
            break;
        }
    }
    reached
}
