//! How far a case is, as the public is told.

use crate::CaseView;
use kit_core::Text;
use serde::{Deserialize, Serialize};

/// The stage of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    Received,
    Accepted,
    Handling,
    Answered,
    Resolved,
    Closed,
    Declined,
    Withdrawn,
}

impl Stage {
    /// Its word, such as `received`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Accepted => "accepted",
            Self::Handling => "handling",
            Self::Answered => "answered",
            Self::Resolved => "resolved",
            Self::Closed => "closed",
            Self::Declined => "declined",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// As the public reads it.
    pub fn title(self) -> Text {
        match self {
            Self::Received => Text::new("已登记", "Received"),
            Self::Accepted => Text::new("已受理", "Accepted"),
            Self::Handling => Text::new("办理中", "Being handled"),
            Self::Answered => Text::new("已答复，继续办理", "Answered, work goes on"),
            Self::Resolved => Text::new("已处理完毕", "Resolved"),
            Self::Closed => Text::new("已结案", "Closed"),
            Self::Declined => Text::new("不予受理", "Not taken"),
            Self::Withdrawn => Text::new("已撤回", "Withdrawn"),
        }
    }
}

impl CaseView {
    /// How far the case is: the furthest that any of its facts proves.
    pub fn stage(&self) -> Stage {
        let ended = self.outcome.as_deref();
        if ended == Some("withdrawn") || self.is_withdrawn() {
            Stage::Withdrawn
        } else if ended == Some("declined") || self.has_word("case-declined") {
            Stage::Declined
        } else if ended.is_some() || self.has_word("case-closed") {
            Stage::Closed
        } else if self.has_word("case-resolved") {
            Stage::Resolved
        } else if self.has_word("complainant-answered") {
            Stage::Answered
        } else if self.has_word("investigation-opened") || self.has_word("case-signed") {
            Stage::Handling
        } else if self.has_word("case-accepted") {
            Stage::Accepted
        } else {
            Stage::Received
        }
    }

    /// Whether the complainant took it back, and that ends it.
    fn is_withdrawn(&self) -> bool {
        self.history.iter().any(|happened| happened.word == "case-withdrawn" && happened.arg.is_none())
    }

    /// Whether anything is still to be done: neither closed, nor declined, nor withdrawn.
    pub fn is_open(&self) -> bool {
        !matches!(self.stage(), Stage::Closed | Stage::Declined | Stage::Withdrawn)
    }
}
