//! The grammar of what is told of a run, which needs no law at all.

use super::tell::{Said, Told};
use chrono::{DateTime, Utc};
use legal_time::ClockState;
use std::collections::{BTreeMap, BTreeSet};

/// What somebody who reads nothing but the log knows of each run.
#[derive(Clone, Debug, Default)]
pub(super) struct Ledger(BTreeMap<(String, u32), Entry>);

#[derive(Clone, Debug)]
struct Entry {
    due: DateTime<Utc>,
    stopped: Option<bool>,
    is_still: bool,
    /// What has come of the promise that was told last.
    fired: BTreeSet<(u8, u32)>,
}

impl Ledger {
    /// Takes in what was told at an instant; `Err` names the rule of the log that it breaks.
    pub(super) fn take(&mut self, at: DateTime<Utc>, told: &Told) -> Result<(), &'static str> {
        let place = (told.clock.clone(), told.run);
        let entry = self.0.get_mut(&place);
        let Said::Started { due, .. } = &told.said else {
            return entry.ok_or("out of order: it has not started").and_then(|entry| entry.take(at, &told.said));
        };
        if entry.is_some_and(|entry| entry.stopped.is_none()) {
            return Err("out of order: it runs already");
        }
        self.0.insert(place, Entry { due: *due, stopped: None, is_still: false, fired: BTreeSet::new() });
        Ok(())
    }

    /// Whether the log says of a run what the law says: where it is due, whether it stands still or has stopped, and how.
    pub(super) fn agrees(&self, clocks: &[ClockState]) -> bool {
        let runs = self.0.iter().filter(|(_, entry)| entry.stopped.is_none()).count();
        let is_as_told = |is: &ClockState| {
            self.0.get(&(is.clock.clone(), is.run)).is_some_and(|entry| {
                let is_still = is.stopped.is_none() && is.pauses.iter().any(|pause| pause.until.is_none());
                let stopped = is.stopped.as_ref().map(|stop| stop.is_on_time);
                (entry.due, entry.stopped, entry.is_still) == (is.due.at, stopped, is_still)
            })
        };
        runs == clocks.iter().filter(|clock| clock.stopped.is_none()).count() && clocks.iter().all(is_as_told)
    }
}

impl Entry {
    fn take(&mut self, at: DateTime<Utc>, said: &Said) -> Result<(), &'static str> {
        let fired = match said {
            Said::Started { .. } => return Ok(()),
            Said::Moved { due, previous } => {
                if *previous != self.due {
                    return Err("out of order: it was due at another instant");
                }
                (self.due, self.fired) = (*due, BTreeSet::new());
                return Ok(());
            }
            Said::Stopped { is_on_time, .. } => {
                (self.stopped, self.is_still) = (Some(*is_on_time), false);
                return Ok(());
            }
            // Of a run that has stopped a pause that becomes known late is for the record.
            Said::Paused | Said::Resumed if self.stopped.is_some() => return Ok(()),
            Said::Paused | Said::Resumed => {
                let is_still = *said == Said::Paused;
                let is_news = std::mem::replace(&mut self.is_still, is_still) != is_still;
                return if is_news { Ok(()) } else { Err("out of order: it stands or goes already") };
            }
            Said::Near { reminder, due } if *due == self.due => (0, *reminder),
            Said::Missed { due, .. } if *due == self.due && *due <= at => (1, 0),
            Said::Overdue { step, .. } if self.due <= at => (2, *step),
            Said::Near { .. } => return Err("out of order: it is due at another instant"),
            Said::Missed { .. } | Said::Overdue { .. } => return Err("early"),
        };
        if self.fired.insert(fired) { Ok(()) } else { Err("twice") }
    }
}
