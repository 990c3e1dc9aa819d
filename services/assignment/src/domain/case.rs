//! A case as assignment sees it: what the events told, and where it stands on its way to a handler.

use chrono::{DateTime, Utc};
use facts::{CaseView, Stage};
use kit_core::Problem;
use kit_ids::{CaseId, RefId};

/// Where a case stands on its way to a handler.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// For acceptance and a grade.
    Waiting,
    /// What the regime asks for before dispatch has not happened yet.
    Held,
    /// The rules found nobody; a dispatcher must.
    ToDispatch,
    Dispatched,
    Signed,
    Returned,
    Done,
}

impl State {
    /// Its word, in tables and answers.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Held => "held",
            Self::ToDispatch => "to-dispatch",
            Self::Dispatched => "dispatched",
            Self::Signed => "signed",
            Self::Returned => "returned",
            Self::Done => "done",
        }
    }

    /// The state of a word.
    pub(crate) fn parse(word: &str) -> Option<Self> {
        let all =
            [Self::Waiting, Self::Held, Self::ToDispatch, Self::Dispatched, Self::Signed, Self::Returned, Self::Done];
        all.into_iter().find(|state| state.as_str() == word)
    }

    /// Whether somebody handles it.
    pub(crate) fn has_handler(self) -> bool {
        matches!(self, Self::Dispatched | Self::Signed)
    }
}

/// What assignment makes happen in a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Event {
    /// The slip is numbered as the last thing before it is published.
    Dispatched {
        unit_id: String,
        role: String,
        staff_id: String,
        slip: String,
        is_automatic: bool,
        cite: String,
    },
    Signed {
        staff_id: String,
    },
    Returned {
        staff_id: String,
        reason: RefId,
    },
    /// No reason where the rules recuse.
    Recused {
        staff_id: String,
        cite: String,
        reason: Option<RefId>,
    },
    Escalated {
        clock: String,
        rung: u32,
        role: String,
        staff_ids: Vec<String>,
    },
}

/// One case.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub case_id: CaseId,
    pub view: CaseView,
    pub state: State,
    pub slip: String,
    /// Of the row; 0 before it is first saved.
    pub version: u64,
}

impl Case {
    /// A case that was just registered.
    pub(crate) fn new(case_id: CaseId, view: CaseView) -> Self {
        Self { case_id, view, state: State::Waiting, slip: String::new(), version: 1 }
    }

    /// Folds a fact, whoever published it, into the view.
    pub(crate) fn fold(&mut self, fact: &contracts::Fact, at: DateTime<Utc>) {
        self.view.apply(fact, at);
        if facts::moves(fact) {
            self.version += 1;
        }
        if matches!(self.view.stage(), Stage::Closed | Stage::Declined | Stage::Withdrawn) {
            self.state = State::Done;
        }
    }

    /// Moves on by what assignment itself made happen.
    pub(crate) fn advance(&mut self, event: &Event) {
        match event {
            Event::Dispatched { slip, .. } => {
                self.state = State::Dispatched;
                self.slip.clone_from(slip);
            }
            Event::Signed { .. } => self.state = State::Signed,
            Event::Returned { .. } => self.state = State::Returned,
            Event::Recused { .. } => self.state = State::ToDispatch,
            Event::Escalated { .. } => {}
        }
    }

    /// Whether the rules are to look for a handler: it is accepted and graded, or was held back from one.
    pub(crate) fn is_due_for_dispatch(&self) -> bool {
        match self.state {
            State::Waiting => self.view.stage() == Stage::Accepted && !self.view.severity.is_empty(),
            // Held after a recusal, it may have been signed for and worked on before.
            State::Held => true,
            _ => false,
        }
    }

    /// Refuses a command against another version than the one the caller saw; 0 skips the check.
    pub(crate) fn expect_version(&self, seen: u64) -> Result<(), Problem> {
        if seen == 0 || seen == self.version { Ok(()) } else { Err(Problem::stale(self.version)) }
    }
}
