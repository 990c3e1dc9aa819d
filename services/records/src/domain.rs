//! A dossier and its entries, the words for them, and how long they are kept. Pure.

pub(crate) mod destruction;
pub(crate) mod duties;
pub(crate) mod keep;
pub(crate) mod ledgers;
pub(crate) mod linked;
pub(crate) mod phrases;
pub(crate) mod publicity;
pub(crate) mod refusal;
pub(crate) mod scope;
pub(crate) mod wording;

use chrono::{DateTime, Utc};
use contracts::deadline_watcher::{ClockMissed, DeadlineMoved};
use facts::CaseView;
use kit_grpc::instant;
use kit_ids::CaseId;
use regime::{FactRef, Regime};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// A case as records knows it.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub(crate) view: CaseView,
    pub(crate) marks: Marks,
    /// How many entries its dossier has.
    pub(crate) entries: usize,
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
    /// Runs of such clocks that were missed as it is known by now, and when each was due: another calendar can undo a miss,
    /// or make one.
    pub(crate) missed: BTreeMap<String, DateTime<Utc>>,
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

fn run(clock: &str, number: u32) -> String {
    format!("{clock}/{number}")
}

impl Case {
    /// A case of which nothing but the registration is known.
    pub(crate) fn open(view: CaseView) -> Self {
        Self { view, marks: Marks::default(), entries: 0, version: 0 }
    }

    /// When a fact happened first.
    pub(crate) fn first(&self, word: &str) -> Option<DateTime<Utc>> {
        self.view.first(&FactRef::new(word))
    }

    /// A clock was missed; it counts against the resolution if it ends with it. One that was missed already when a calendar
    /// was published, or the case moved to another version of its regime, is restated, and was not known then.
    pub(crate) fn missed(&mut self, regime: &Regime, miss: &ClockMissed, at: DateTime<Utc>) {
        let ends_with_it = regime
            .clocks
            .iter()
            .any(|c| c.name == miss.clock && c.until.iter().any(|fact| fact.word == "case-resolved"));
        if !ends_with_it || miss.is_advisory {
            return;
        }
        if miss.change_id.is_empty() {
            self.marks.late_at = Some(self.marks.late_at.map_or(at, |before| before.min(at)));
        }
        let due_at = miss.due_at.as_ref().and_then(instant).unwrap_or(at);
        self.marks.missed.insert(run(&miss.clock, miss.run), due_at);
    }

    /// A deadline moved to a new promise, which is not missed until that is said; one that is over already is missed as the
    /// old one was.
    pub(crate) fn moved(&mut self, moved: &DeadlineMoved, at: DateTime<Utc>) {
        let run = run(&moved.clock, moved.run);
        match moved.due_at.as_ref().and_then(instant).filter(|due| *due <= at) {
            Some(due) => self.marks.missed.get_mut(&run).into_iter().for_each(|missed| *missed = due),
            None => drop(self.marks.missed.remove(&run)),
        }
    }

    /// Whether such a clock was missed before the resolution came, as it was known then.
    pub(crate) fn is_late(&self) -> bool {
        self.marks.late_at.is_some_and(|late| self.is_before_resolution(late))
    }

    /// The same, as it is known now.
    pub(crate) fn is_late_restated(&self) -> bool {
        self.marks.missed.values().any(|due| self.is_before_resolution(*due))
    }

    fn is_before_resolution(&self, at: DateTime<Utc>) -> bool {
        self.first("case-resolved").is_none_or(|resolved| at < resolved)
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
