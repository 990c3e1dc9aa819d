//! A running or stopped clock of a case, with its remaining time in words.

use crate::{
    convert::{at, text},
    moment::{self, Left},
};
use chrono::{DateTime, Utc};
use contracts::deadline_watcher;
use kit_core::Text;
use serde::Serialize;

#[derive(Clone, Debug, Serialize)]
pub(crate) struct Clock {
    pub(crate) case_id: String,
    pub(crate) clock: String,
    pub(crate) run: u32,
    pub(crate) title: Text,
    pub(crate) state: String,
    pub(crate) started_at: Option<DateTime<Utc>>,
    pub(crate) due_at: Option<DateTime<Utc>>,
    pub(crate) stopped_at: Option<DateTime<Utc>>,
    pub(crate) is_advisory: bool,
    pub(crate) cite: String,
    pub(crate) left: Left,
    /// How the deadline was counted, line by line; filled in where it is shown.
    pub(crate) lines: Vec<Text>,
}

impl Clock {
    pub(crate) fn new(clock: deadline_watcher::CaseClock, now: DateTime<Utc>) -> Self {
        let (started_at, due_at, stopped_at) = (at(clock.started_at), at(clock.due_at), at(clock.stopped_at));
        let left = match due_at {
            Some(due) if clock.state != "stopped" => moment::left(now, started_at, due),
            _ => moment::stopped(due_at, stopped_at),
        };
        Self {
            case_id: clock.case_id,
            clock: clock.clock,
            run: clock.run,
            title: text(clock.title),
            state: clock.state,
            started_at,
            due_at,
            stopped_at,
            is_advisory: clock.is_advisory,
            cite: clock.cite,
            left,
            lines: Vec::new(),
        }
    }

    pub(crate) fn is_running(&self) -> bool {
        self.state != "stopped"
    }
}

/// The clocks of an answer, the running ones first and the next deadline at the top.
pub(crate) fn clocks(list: Vec<deadline_watcher::CaseClock>, now: DateTime<Utc>) -> Vec<Clock> {
    let mut clocks: Vec<_> = list.into_iter().map(|clock| Clock::new(clock, now)).collect();
    clocks.sort_by_key(|clock| (!clock.is_running(), clock.due_at));
    clocks
}
