//! A case as resolution knows it, and the decisions about it. Pure: no SQL, no network, no clock.

pub(crate) mod act;
pub(crate) mod approval;
pub(crate) mod course;
pub(crate) mod effect;
pub(crate) mod event;
pub(crate) mod refusal;
pub(crate) mod step;
pub(crate) mod steps;

pub(crate) use act::{Act, Ground, act, known_step};
pub(crate) use course::Course;
pub(crate) use event::Event;

use facts::CaseView;

/// One matter: what all services say of it, and its course here.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub(crate) view: CaseView,
    pub(crate) course: Course,
    pub(crate) version: u64,
}

impl Case {
    /// A case of which nothing but the registration is known.
    pub(crate) fn open(view: CaseView) -> Self {
        Self { view, course: Course::default(), version: 0 }
    }

    /// `waiting`, `handling`, `resolved` or `closed`.
    pub(crate) fn state(&self) -> &'static str {
        if self.is_closed() {
            "closed"
        } else if self.is_resolved() {
            "resolved"
        } else if self.view.handler_signed {
            "handling"
        } else {
            "waiting"
        }
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.view.has_word("case-closed")
    }

    pub(crate) fn is_resolved(&self) -> bool {
        self.view.has_word("case-resolved")
    }
}
