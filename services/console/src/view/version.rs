//! The versions to which a case may move, and what each would do to its clocks.

use crate::convert::{at, text, texts};
use chrono::{DateTime, Utc};
use contracts::{deadline_watcher, triage};
use kit_core::Text;
use serde::Serialize;

/// A version; `id` is `regime@2`, as the command takes it.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Version {
    pub(crate) id: String,
    pub(crate) regime_id: String,
    pub(crate) version: u32,
    pub(crate) title: Text,
    pub(crate) in_force_from: String,
    /// What of the case it does not know, which keeps the case from it.
    pub(crate) missing: Vec<Text>,
    /// It says itself that cases under way are moved to it.
    pub(crate) is_expected: bool,
    /// What would become of the clocks; none where that could not be asked.
    pub(crate) moves: Option<Vec<ClockMove>>,
}

impl From<triage::VersionOffer> for Version {
    fn from(offer: triage::VersionOffer) -> Self {
        Self {
            id: format!("{}@{}", offer.regime_id, offer.version),
            regime_id: offer.regime_id,
            version: offer.version,
            title: text(offer.title),
            in_force_from: offer.in_force_from,
            missing: texts(offer.missing),
            is_expected: offer.is_expected,
            moves: None,
        }
    }
}

/// A run of a clock before and after.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct ClockMove {
    pub(crate) clock: String,
    pub(crate) run: u32,
    pub(crate) title: Text,
    /// As a clock's; empty where there is no such run.
    pub(crate) state_before: String,
    pub(crate) state_after: String,
    pub(crate) due_before: Option<DateTime<Utc>>,
    pub(crate) due_after: Option<DateTime<Utc>>,
    /// `made`, `undone`, or empty.
    pub(crate) breach: String,
    pub(crate) cite: String,
}

impl From<deadline_watcher::ClockMove> for ClockMove {
    fn from(one: deadline_watcher::ClockMove) -> Self {
        Self {
            clock: one.clock,
            run: one.run,
            title: text(one.title),
            state_before: one.state_before,
            state_after: one.state_after,
            due_before: at(one.due_before),
            due_after: at(one.due_after),
            breach: one.breach,
            cite: one.cite,
        }
    }
}
