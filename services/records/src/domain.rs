//! A dossier and its entries, the words for them, and how long they are kept. Pure.

pub(crate) mod keep;
pub(crate) mod phrases;
pub(crate) mod scope;
pub(crate) mod wording;

use chrono::{DateTime, Utc};
use facts::CaseView;
use kit_ids::CaseId;
use regime::{FactRef, Regime};
use serde_json::{Map, Value};

/// A case as records knows it.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub(crate) view: CaseView,
    pub(crate) marks: Marks,
    pub(crate) version: u64,
}

/// What statistics count, beside what the view says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Marks {
    /// When the complainant was reached after the result.
    pub(crate) called_back_at: Option<DateTime<Utc>>,
    pub(crate) is_satisfied: bool,
    /// When a clock that ends with the resolution was first missed.
    pub(crate) late_at: Option<DateTime<Utc>>,
    /// The last day of keeping; empty where it has no end; none while the case is not archived.
    pub(crate) keep_until: Option<String>,
}

/// One fact of a dossier.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) case_id: CaseId,
    pub(crate) place: usize,
    pub(crate) producer: String,
    /// Where it stands in its producer's log; our own entries stand in ours.
    pub(crate) log_place: Option<(u16, u64)>,
    pub(crate) at: DateTime<Utc>,
    pub(crate) fact: String,
    pub(crate) args: Map<String, Value>,
    pub(crate) refs: Vec<String>,
    pub(crate) actor: String,
}

impl Case {
    /// A case of which nothing but the registration is known.
    pub(crate) fn open(view: CaseView) -> Self {
        Self { view, marks: Marks::default(), version: 0 }
    }

    /// When a fact happened first.
    pub(crate) fn first(&self, word: &str) -> Option<DateTime<Utc>> {
        self.view.first(&FactRef::new(word))
    }

    /// A clock was missed; it counts against the resolution if it ends with it.
    pub(crate) fn missed(&mut self, regime: &Regime, clock: &str, is_advisory: bool, at: DateTime<Utc>) {
        let ends_with_it = regime.clocks.iter().any(|c| c.name == clock && c.until.word == "case-resolved");
        if ends_with_it && !is_advisory {
            self.marks.late_at = Some(self.marks.late_at.map_or(at, |before| before.min(at)));
        }
    }

    /// Whether such a clock was missed before the resolution came.
    pub(crate) fn is_late(&self) -> bool {
        let resolved = self.first("case-resolved");
        self.marks.late_at.is_some_and(|late| resolved.is_none_or(|resolved| late < resolved))
    }

    /// The complainant was asked. A regime's words of satisfaction stand from the best to the worst; its better half,
    /// the middle one included, counts as satisfied.
    pub(crate) fn called_back(&mut self, regime: &Regime, satisfaction: &str, at: DateTime<Utc>) {
        let words = &regime.words.satisfaction;
        let good = words.len().div_ceil(2);
        self.marks.called_back_at = Some(at);
        self.marks.is_satisfied = words.iter().take(good).any(|word| word.id == satisfaction);
    }
}
