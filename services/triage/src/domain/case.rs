//! A case as triage sees it.

use chrono::{DateTime, Utc};
use facts::{CaseView, Stage};
use kit_core::Problem;
use kit_ids::CaseId;
use regime::Value;

/// Whether the case is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    Pending,
    Accepted,
    Declined,
    Referred,
    Withdrawn,
}

impl State {
    /// Its word, in tables and answers.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Accepted => "accepted",
            Self::Declined => "declined",
            Self::Referred => "referred",
            Self::Withdrawn => "withdrawn",
        }
    }
}

/// What a case is, in the words of its regime.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Classified {
    pub kind: String,
    pub category: String,
    pub about_unit_id: Option<String>,
    pub about_staff_ids: Vec<String>,
    pub facts: Vec<(String, Value)>,
}

/// One case.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub case_id: CaseId,
    pub view: CaseView,
    /// Of the row; 0 before it is first saved.
    pub version: u64,
}

impl Case {
    /// Where it stands: what happened first decides, since nothing can be accepted and declined.
    pub(crate) fn state(&self) -> State {
        if self.view.has_word("case-declined") {
            State::Declined
        } else if self.view.has_word("case-referred") {
            State::Referred
        } else if self.view.stage() == Stage::Withdrawn {
            State::Withdrawn
        } else if self.view.has_word("case-accepted") {
            State::Accepted
        } else {
            State::Pending
        }
    }

    /// Folds a fact, whoever published it, into the view.
    pub(crate) fn fold(&mut self, fact: &contracts::Fact, at: DateTime<Utc>) {
        self.view.apply(fact, at);
        if facts::moves(fact) {
            self.version += 1;
        }
    }

    /// Refuses a command on a case that was decided upon before.
    pub(crate) fn expect_pending(&self) -> Result<(), Problem> {
        match self.state() {
            State::Pending if self.view.is_open() => Ok(()),
            State::Withdrawn => Err(Problem::conflict("case-withdrawn", "本件已撤回", "The case was withdrawn")),
            _ => Err(Problem::conflict(
                "already-triaged",
                "本件已作受理或不予受理处理",
                "The case has been triaged already",
            )),
        }
    }

    /// Refuses a command on a case that nobody has looked at, or that has ended.
    pub(crate) fn expect_triaged(&self) -> Result<(), Problem> {
        self.expect_open()?;
        if self.view.has_word("case-classified") {
            return Ok(());
        }
        Err(Problem::conflict("not-triaged", "本件尚未分类定级", "The case has not been triaged yet"))
    }

    /// Refuses a command on a case that has ended.
    pub(crate) fn expect_open(&self) -> Result<(), Problem> {
        if self.view.is_open() { Ok(()) } else { Err(ended()) }
    }

    /// Refuses a command against another version than the one the caller saw; 0 skips the check.
    pub(crate) fn expect_version(&self, seen: u64) -> Result<(), Problem> {
        if seen == 0 || seen == self.version { Ok(()) } else { Err(Problem::stale(self.version)) }
    }
}

fn ended() -> Problem {
    Problem::conflict("case-ended", "本件已办结", "The case has ended")
}
