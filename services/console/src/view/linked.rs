//! Other cases that one has to do with, as far as the reader may read them; and several on one page.

use crate::{
    convert::{at, text},
    view::{case::Entry, clock::Clock},
    wordbook::{Shelf, Wordbook},
    words::{self, Named},
};
use chrono::{DateTime, Utc};
use contracts::{assignment, intake, records};
use kit_core::Text;
use serde::Serialize;

/// A case that a rule takes for the same matter.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Other {
    pub(crate) case_id: String,
    pub(crate) number: String,
    pub(crate) relation: Named,
    pub(crate) cite: String,
    pub(crate) received_at: Option<DateTime<Utc>>,
}

/// A case that is linked to another, and how it stands by its own rules.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Linked {
    pub(crate) case_id: String,
    pub(crate) number: String,
    /// What it is to the other; nothing for that one itself.
    pub(crate) relation: Named,
    pub(crate) kind: Named,
    pub(crate) regime: Named,
    pub(crate) unit: Named,
    pub(crate) state: Named,
    pub(crate) handler: Named,
    pub(crate) clocks: Vec<Clock>,
}

/// Several cases on one page: each with its own clocks, and what happened in all of them in one order of time.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Joint {
    pub(crate) case_id: String,
    pub(crate) number: String,
    pub(crate) cases: Vec<Linked>,
    pub(crate) entries: Vec<JointEntry>,
    /// What could not be asked.
    pub(crate) missing: Vec<Text>,
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct JointEntry {
    pub(crate) case_id: String,
    pub(crate) number: String,
    pub(crate) at: Option<DateTime<Utc>>,
    pub(crate) fact: String,
    pub(crate) text: Text,
    pub(crate) actor_name: String,
}

impl From<intake::AlikeCase> for Other {
    fn from(case: intake::AlikeCase) -> Self {
        Self {
            case_id: case.case_id,
            number: case.number,
            relation: words::relation(&case.relation),
            cite: case.cite,
            received_at: at(case.received_at),
        }
    }
}

/// What a matter may be split into: the kinds and the regimes, each once.
pub(crate) fn split_choices(choices: Vec<intake::SplitChoice>) -> (Vec<Named>, Vec<Named>) {
    let (mut kinds, mut regimes) = (Vec::<Named>::new(), Vec::<Named>::new());
    let add = |list: &mut Vec<Named>, one: Named| {
        if list.iter().all(|known| known.id != one.id) {
            list.push(one);
        }
    };
    for choice in choices {
        add(&mut kinds, Named::new(choice.kind, text(choice.title)));
        add(&mut regimes, Named::new(choice.regime_id, text(choice.regime_title)));
    }
    (kinds, regimes)
}

impl From<intake::LinkedCase> for Linked {
    fn from(case: intake::LinkedCase) -> Self {
        let relation = words::relation(&case.relation);
        Self { case_id: case.case_id, number: case.number, relation, ..Self::default() }
    }
}

impl Linked {
    /// Takes in how it came.
    pub(crate) fn hear_intake(&mut self, case: &intake::GetCaseResponse, words: &Wordbook) {
        self.number.clone_from(&case.number);
        self.kind = words.name(Shelf::Kind, &case.kind);
        self.regime = words.name(Shelf::Regime, &case.regime_id);
        self.unit = words.name(Shelf::Unit, &case.unit_id);
    }

    /// Takes in who handles it.
    pub(crate) fn hear_assignment(&mut self, case: assignment::GetCaseResponse) {
        self.handler = Named::new(case.handler_id, Text::new(case.handler_name.clone(), case.handler_name));
    }
}

impl Joint {
    /// Takes in what happened in one of them.
    pub(crate) fn hear_dossier(&mut self, dossier: records::GetDossierResponse) {
        if let Some(case) = self.cases.iter_mut().find(|case| case.case_id == dossier.case_id) {
            case.state = words::state(&dossier.state);
        }
        let (case_id, number) = (dossier.case_id, dossier.number);
        let entries = dossier.entries.into_iter().map(Entry::from).map(|entry| JointEntry {
            case_id: case_id.clone(),
            number: number.clone(),
            at: entry.at,
            fact: entry.fact,
            text: entry.text,
            actor_name: entry.actor_name,
        });
        self.entries.extend(entries);
        // Within a case the order is that of its dossier, also at one instant.
        self.entries.sort_by_key(|entry| entry.at);
    }
}
