//! What may come of an attempt to deliver, and when it is tried again.

use super::{Case, Kind, Owed, Params};
use chrono::TimeDelta;
use kit_ids::{CaseId, NoticeId};
use std::collections::BTreeMap;

/// A claimed notice, ready to be sent.
#[derive(Clone, Debug)]
pub(crate) struct Sendable {
    pub(crate) notice_id: NoticeId,
    pub(crate) dedupe_key: String,
    pub(crate) kind: Kind,
    /// Where it is a member of staff.
    pub(crate) staff_id: Option<String>,
    pub(crate) recipient: String,
    pub(crate) template: String,
    pub(crate) params: Params,
    /// The texts in the vault that fill placeholders.
    pub(crate) parts: BTreeMap<String, String>,
    pub(crate) done: String,
    pub(crate) document: String,
    pub(crate) cite: String,
    /// What a person does where it does not arrive.
    pub(crate) owed: Option<Owed>,
    /// Counts this attempt too; it is also the fence of the claim.
    pub(crate) attempt: i32,
    /// The case that it is about; none for a recurring duty.
    pub(crate) about: Option<(CaseId, Box<Case>)>,
    /// The version of the regime whose words it has.
    pub(crate) regime: (String, u32),
}

impl Sendable {
    /// The case that it is about.
    pub(crate) fn case(&self) -> Option<(CaseId, &Case)> {
        self.about.as_ref().map(|(id, case)| (*id, &**case))
    }
}

/// What came of an attempt. `reason` is a code, never an address or a server's own words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Sent,
    /// It never will be.
    Failed {
        reason: String,
    },
    /// Nothing was handed over: it may be tried again.
    Later {
        reason: String,
    },
    /// It was handed over and no answer came: a machine never sends it again.
    Unknown,
    /// There is nobody to tell any more.
    Dropped {
        reason: &'static str,
    },
}

impl Outcome {
    /// Whether a person has to see to it now: it did not arrive, or nobody knows. `is_last` is of the attempts.
    pub(crate) fn is_given_up(&self, is_last: bool) -> bool {
        match self {
            Self::Sent => false,
            Self::Later { .. } => is_last,
            Self::Failed { .. } | Self::Unknown | Self::Dropped { .. } => true,
        }
    }

    /// Its word, for meters.
    pub(crate) fn word(&self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Failed { .. } => "failed",
            Self::Later { .. } => "later",
            Self::Unknown => "unknown",
            Self::Dropped { .. } => "dropped",
        }
    }
}

const WAITS: [i64; 6] = [1, 5, 15, 60, 240, 720];

/// How long to wait after attempt `attempt` (from 1); none when it has been tried often enough.
pub(crate) fn wait(attempt: i32) -> Option<TimeDelta> {
    let nth = usize::try_from(attempt.saturating_sub(1)).unwrap_or(0);
    WAITS.get(nth).copied().map(TimeDelta::minutes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notice_waits_longer_each_time_and_not_for_ever() {
        assert_eq!(wait(1), Some(TimeDelta::minutes(1)));
        assert_eq!(wait(6), Some(TimeDelta::hours(12)));
        assert_eq!(wait(7), None);
    }
}
