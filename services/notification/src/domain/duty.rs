//! Who is told of a recurring duty: when it opens, whoever owes it; when it is missed, they and those above them. Pure.

use super::{Kind, Params, PlannedNotice};
use chrono::{DateTime, Utc};
use contracts::deadline_watcher::{DutyDue, DutyMissed};
use organisation::Directory;
use regime::Regime;
use std::collections::{BTreeMap, BTreeSet};

/// The templates, which a regime may have in words of its own.
const OPENED: &str = "duty-opened";
const MISSED: &str = "duty-missed";

/// A duty in one unit and one period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Duty<'a> {
    pub(crate) regime_id: &'a str,
    pub(crate) regime_version: u32,
    duty: &'a str,
    unit: &'a str,
    period: &'a str,
    last_day: &'a str,
    due_at: Option<DateTime<Utc>>,
    role: &'a str,
    to: &'a str,
    cite: &'a str,
    is_missed: bool,
}

/// Both events say the same of a duty.
macro_rules! duty_of {
    ($event:ident, $is_missed:literal) => {
        impl<'a> From<&'a $event> for Duty<'a> {
            fn from(event: &'a $event) -> Self {
                Self {
                    regime_id: &event.regime_id,
                    regime_version: event.regime_version,
                    duty: &event.duty,
                    unit: &event.unit_id,
                    period: &event.period,
                    last_day: &event.last_day,
                    due_at: event.due_at.as_ref().and_then(kit_grpc::instant),
                    role: &event.role,
                    to: &event.to,
                    cite: &event.cite,
                    is_missed: $is_missed,
                }
            }
        }
    };
}

duty_of!(DutyDue, false);
duty_of!(DutyMissed, true);

impl Duty<'_> {
    /// The notices, one a person. A duty that nobody owes is told to those above from the start.
    pub(crate) fn notices(&self, regime: &Regime, directory: &Directory) -> Vec<PlannedNotice> {
        let holders = |role: &str| -> Vec<(String, String)> {
            directory.holders(role, self.unit).into_iter().map(|staff| (role.to_owned(), staff.id.clone())).collect()
        };
        let mut whom = holders(self.role);
        if whom.is_empty() || self.is_missed {
            whom.extend(self.above(regime).into_iter().flat_map(holders));
        }
        let mut told = BTreeSet::new();
        whom.retain(|(_, staff)| told.insert(staff.clone()));
        whom.into_iter().map(|(role, staff)| self.notice(regime, directory, role, staff)).collect()
    }

    /// To whom it is done; where that is a body outside, the first rung of the ladder.
    fn above<'r>(&'r self, regime: &'r Regime) -> Vec<&'r str> {
        if regime.words.roles.iter().any(|role| role.id == self.to) {
            return vec![self.to];
        }
        regime.ladder.first().map(|rung| rung.roles.iter().map(String::as_str).collect()).unwrap_or_default()
    }

    fn notice(&self, regime: &Regime, directory: &Directory, role: String, staff: String) -> PlannedNotice {
        let template = if self.is_missed { MISSED } else { OPENED };
        let Self { regime_id, duty, unit, period, .. } = self;
        let title = regime.records.duties.iter().find(|rule| rule.id == *duty).map(|rule| rule.title.clone());
        PlannedNotice {
            dedupe_key: format!("{regime_id}|{duty}|{unit}|{period}|{template}|{staff}"),
            kind: Kind::Staff,
            recipient: role,
            staff_id: Some(staff),
            template: template.to_owned(),
            params: Params::of_duty(
                directory,
                unit,
                title.unwrap_or_default(),
                (self.period, self.last_day),
                self.due_at,
            ),
            parts: BTreeMap::new(),
            done: String::new(),
            is_document: false,
            is_by_hand: false,
            owed: None,
            cite: self.cite.to_owned(),
        }
    }
}
