//! Notices and tasks, and the rules about them. Pure: no SQL, no network, no clock.

pub(crate) mod delivery;
pub(crate) mod duty;
pub(crate) mod params;
pub(crate) mod plan;
pub(crate) mod recipients;
pub(crate) mod refusal;
pub(crate) mod survey;
pub(crate) mod task;

pub(crate) use delivery::{Outcome, Sendable};
pub(crate) use params::Params;
pub(crate) use plan::{Kind, Owed, Plan, PlannedNotice, PlannedTask};
pub(crate) use task::Task;

use chrono::{DateTime, Utc};
use facts::CaseView;
use std::collections::BTreeMap;

/// A case as notification knows it.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub(crate) view: CaseView,
    /// When each running clock ends.
    pub(crate) dues: BTreeMap<String, DateTime<Utc>>,
    pub(crate) version: u64,
}

impl Case {
    /// A case of which nothing but the registration is known.
    pub(crate) fn open(view: CaseView) -> Self {
        Self { view, dues: BTreeMap::new(), version: 0 }
    }

    /// Whether this person must never hear of the case.
    pub(crate) fn is_excluded(&self, staff: &str) -> bool {
        self.view.excluded.contains(staff)
    }
}

/// The texts that stand in events and rows.
pub(crate) const EMAIL: &str = "email";
pub(crate) const CALLED_BACK: &str = "case-called-back";
