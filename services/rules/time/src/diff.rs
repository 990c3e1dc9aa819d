//! What changed between two derivations. Every reminder, miss and step is such a difference: as long as the older one
//! is stored with the effects that came of it, none can come twice and none is lost.

mod still;

use crate::state::{ClockState, Stop, What};
use chrono::{DateTime, Utc};
use regime::Effect;

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change<'a> {
    /// The run as it now is; as it last was, if it no longer is.
    pub clock: &'a ClockState,
    pub what: Changed<'a>,
}

/// What became of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Changed<'a> {
    Started,
    Moved { previous: DateTime<Utc> },
    Paused { since: DateTime<Utc> },
    Resumed { at: DateTime<Utc> },
    Near { reminder: u32, tell: &'a [String] },
    Missed { climb: u32, effects: &'a [Effect] },
    Overdue { at: DateTime<Utc>, step: u32, climb: u32, effects: &'a [Effect] },
    Stopped { is_on_time: bool },
}

/// What happened between `old` and `new`, run by run: it started or moved, then what became true of it in the order of
/// its instants, then it stopped.
pub fn diff<'a>(old: &'a [ClockState], new: &'a [ClockState]) -> Vec<Change<'a>> {
    let gone = old.iter().filter(|was| was.stopped.is_none() && !new.iter().any(|is| is.is_same_run(was)));
    // The case is no longer one that the clock is for: it has nothing left to wait for.
    let gone = gone.map(|was| Change { clock: was, what: Changed::Stopped { is_on_time: !was.is_missed() } });
    let kept = new.iter().flat_map(|is| between(old.iter().find(|was| was.is_same_run(is)), is));
    gone.chain(kept).collect()
}

fn between<'a>(was: Option<&'a ClockState>, is: &'a ClockState) -> Vec<Change<'a>> {
    // What did not change says nothing.
    if was == Some(is) {
        return Vec::new();
    }
    let mut changes = Vec::new();
    // A run that had stopped and runs again has to be told of as a new one.
    let kept = was.filter(|was| was.stopped.is_none() || is.stopped.is_some());
    match kept {
        None => changes.push(Changed::Started),
        Some(was) if was.due.at != is.due.at => changes.push(Changed::Moved { previous: was.due.at }),
        Some(_) => {}
    }
    let mut became = still::changes(kept, is);
    let fired_before =
        |what: &What| was.is_some_and(|was| was.marks.iter().any(|m| m.is_fired && m.what.is_same(what)));
    let fired = is.marks.iter().filter(|mark| mark.is_fired && !fired_before(&mark.what));
    became.extend(fired.map(|mark| {
        let what = match &mark.what {
            What::Near { reminder, tell } => Changed::Near { reminder: *reminder, tell },
            What::Missed { climb, effects } => Changed::Missed { climb: *climb, effects },
            What::Overdue { step, climb, effects } => {
                Changed::Overdue { at: mark.at, step: *step, climb: *climb, effects }
            }
        };
        (mark.at, what)
    }));
    became.sort_by_key(|(at, _)| *at);
    changes.extend(became.into_iter().map(|(_, what)| what));
    if let Some(stop) = &is.stopped
        && was.and_then(|was| was.stopped.as_ref()).is_none_or(|before| !is_same(before, stop))
    {
        changes.push(Changed::Stopped { is_on_time: stop.is_on_time });
    }
    changes.into_iter().map(|what| Change { clock: is, what }).collect()
}

fn is_same(a: &Stop, b: &Stop) -> bool {
    a.at == b.at && a.is_on_time == b.is_on_time && a.is_dropped == b.is_dropped
}

#[cfg(test)]
mod tests;
