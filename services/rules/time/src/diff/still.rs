//! Standing still and going on, as differences. Pauses that overlap are one while: it begins once and ends once.

use super::Changed;
use crate::state::ClockState;
use chrono::{DateTime, Utc};

type While = (DateTime<Utc>, Option<DateTime<Utc>>);

/// What began and what ended between the two, with its instant.
pub(super) fn changes<'a>(was: Option<&ClockState>, is: &ClockState) -> Vec<(DateTime<Utc>, Changed<'a>)> {
    let before = was.map_or_else(Vec::new, whiles);
    let after = whiles(is);
    let was_open = before.iter().find(|(_, until)| until.is_none()).map(|(from, _)| *from);
    let stopped = is.stopped.as_ref().map(|stop| stop.at);
    let mut changes = Vec::new();
    let mut is_told = was_open.is_none();
    for (from, until) in &after {
        let known = before.iter().find(|(start, _)| start == from).map(|(_, until)| *until);
        match (known, until) {
            // It stood still and still does; from when on is no news.
            (_, None) if was_open.is_some() => is_told = true,
            (Some(Some(_)), Some(_)) => {}
            (known, until) => {
                if known != Some(None) && is_told {
                    changes.push((*from, Changed::Paused { since: *from }));
                }
                // What stopped while it stood still did not go on.
                if let Some(until) = until.filter(|until| stopped != Some(*until)) {
                    is_told = true;
                    changes.push((until, Changed::Resumed { at: until }));
                }
            }
        }
    }
    // It never stood still after all, or from another instant on.
    if let Some(from) = was_open.filter(|_| !is_told && stopped.is_none()) {
        changes.push((from, Changed::Resumed { at: from }));
    }
    changes
}

/// The whiles in which the run stood still, clear of each other.
fn whiles(state: &ClockState) -> Vec<While> {
    let mut whiles: Vec<While> = Vec::new();
    for pause in &state.pauses {
        match whiles.last_mut().filter(|(_, until)| until.is_none_or(|until| until >= pause.from)) {
            Some((_, until)) => *until = until.zip(pause.until).map(|(a, b)| a.max(b)),
            None => whiles.push((pause.from, pause.until)),
        }
    }
    whiles
}
