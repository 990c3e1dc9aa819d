//! Requests for more time and for clocks to stand still.

use crate::words::{self, Named};
use contracts::deadline_watcher as d;
use kit_core::Text;
use serde::Serialize;

#[derive(Clone, Debug, Serialize)]
pub(crate) struct Extension {
    pub(crate) extension_id: String,
    pub(crate) clock: String,
    /// The new last day, or else how much more.
    pub(crate) until: String,
    pub(crate) by: Text,
    pub(crate) state: Named,
    pub(crate) approver_role: String,
    pub(crate) may_rule: bool,
}

impl From<d::Extension> for Extension {
    fn from(e: d::Extension) -> Self {
        Self {
            extension_id: e.extension_id,
            clock: e.clock,
            until: e.until,
            by: words::length(&e.by),
            state: words::state(&e.state),
            approver_role: e.approver_role,
            may_rule: e.may_rule,
        }
    }
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct Suspension {
    pub(crate) suspension_id: String,
    pub(crate) clocks: Vec<String>,
    /// The last day; empty until it is ended.
    pub(crate) until: String,
    pub(crate) state: Named,
    pub(crate) approver_role: String,
    pub(crate) may_rule: bool,
}

impl From<d::Suspension> for Suspension {
    fn from(s: d::Suspension) -> Self {
        Self {
            suspension_id: s.suspension_id,
            clocks: s.clocks,
            until: s.until,
            state: words::state(&s.state),
            approver_role: s.approver_role,
            may_rule: s.may_rule,
        }
    }
}
