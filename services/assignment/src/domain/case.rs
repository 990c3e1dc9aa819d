//! A case as assignment sees it: what the events told, and where it stands on its way to a handler.

use crate::domain::event::Event;
use chrono::{DateTime, Utc};
use facts::CaseView;
use kit_core::Problem;
use kit_ids::CaseId;
use regime::Regime;
use std::collections::BTreeSet;

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
        let was_open = self.view.is_open();
        self.view.apply(fact, at);
        if facts::moves(fact) {
            self.version += 1;
        }
        match (was_open, self.view.is_open()) {
            (true, false) => self.state = State::Done,
            (false, true) => self.state = self.resumed(),
            _ => {}
        }
    }

    /// Where a case stands that is taken up again after its end: with whoever had it.
    fn resumed(&self) -> State {
        match &self.view.handler {
            Some(_) if self.view.handler_signed => State::Signed,
            Some(_) => State::Dispatched,
            None if self.view.has_word("case-accepted") => State::Held,
            None => State::Waiting,
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
            Event::Recused { .. } if self.view.handler.is_none() && self.state.has_handler() => {
                self.state = State::ToDispatch;
            }
            _ => {}
        }
    }

    /// Whether the rules are to look for a handler: it is accepted and graded, or was held back from one.
    pub(crate) fn is_due_for_dispatch(&self, regime: &Regime) -> bool {
        let is_graded = !self.view.severity.is_empty() || regime.words.severities.is_empty();
        match self.state {
            State::Waiting => self.view.has_word("case-accepted") && self.view.is_open() && is_graded,
            // Held after a recusal, it may have been signed for and worked on before.
            State::Held => true,
            _ => false,
        }
    }

    /// Who owes an answer to an order in it.
    pub(crate) fn ordered(&self) -> BTreeSet<&str> {
        let open = self.view.orders.iter().filter(|order| !order.is_answered);
        open.flat_map(|order| &order.staff).map(String::as_str).collect()
    }

    /// Refuses a command against another version than the one the caller saw; 0 skips the check.
    pub(crate) fn expect_version(&self, seen: u64) -> Result<(), Problem> {
        if seen == 0 || seen == self.version { Ok(()) } else { Err(Problem::stale(self.version)) }
    }
}
