//! The words of the regimes as they were last heard: severities, kinds, categories and departments come with the
//! vocabulary of a case or a door, and are remembered for lists that carry only their ids.

use crate::{asker::Asker, convert::text, words::Named};
use contracts::{intake, resolution, triage};
use kit_core::Text;
use std::{
    collections::BTreeMap,
    sync::{PoisonError, RwLock},
};

/// What an id names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Shelf {
    Kind,
    Category,
    Severity,
    Validity,
    Finding,
    Measure,
    Channel,
    /// Who files, and whom it is about.
    Party,
    Unit,
    Regime,
    Question,
    Answer,
}

/// The memory. Losing it costs a question, never an answer.
#[derive(Debug, Default)]
pub(crate) struct Wordbook(RwLock<BTreeMap<(Shelf, String), Text>>);

impl Wordbook {
    /// What `id` is called; an id nobody has told us about stands for itself.
    pub(crate) fn name(&self, shelf: Shelf, id: &str) -> Named {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let title = known.get(&(shelf, id.to_owned())).cloned();
        let plain = || match shelf {
            Shelf::Channel => crate::words::way(id).title,
            _ => Text::new(id, id),
        };
        Named::new(id, title.unwrap_or_else(plain))
    }

    fn learn(&self, shelf: Shelf, words: impl Iterator<Item = (String, Text)>) {
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        known.extend(words.filter(|(_, text)| !text.zh.is_empty()).map(|(id, text)| ((shelf, id), text)));
    }

    /// Learns what a door says.
    pub(crate) fn hear_doors(&self, doors: &[intake::Door]) {
        for door in doors {
            let choice = |c: &intake::Choice| (c.id.clone(), text(c.title.clone()));
            self.learn(Shelf::Kind, door.kinds.iter().map(choice));
            self.learn(Shelf::Party, door.complainants.iter().chain(&door.respondents).map(choice));
            self.learn(Shelf::Unit, door.departments.iter().map(choice));
            self.learn(Shelf::Unit, [(door.unit_id.clone(), text(door.unit_name.clone()))].into_iter());
            self.learn(Shelf::Regime, [(door.regime_id.clone(), text(door.regime_title.clone()))].into_iter());
            self.learn(Shelf::Channel, door.channels.iter().map(|c| (c.channel.clone(), text(c.title.clone()))));
        }
    }

    /// Learns the vocabulary of a case.
    pub(crate) fn hear_vocabulary(&self, v: &triage::Vocabulary) {
        let word = |w: &triage::Word| (w.id.clone(), text(w.title.clone()));
        self.learn(Shelf::Kind, v.kinds.iter().map(word));
        self.learn(Shelf::Category, v.categories.iter().map(word));
        self.learn(Shelf::Severity, v.severities.iter().map(word));
        self.learn(Shelf::Validity, v.validities.iter().map(word));
        self.learn(Shelf::Unit, v.departments.iter().map(word));
        self.learn(Shelf::Question, v.questions.iter().map(|q| (q.name.clone(), text(q.title.clone()))));
        self.learn(Shelf::Answer, v.questions.iter().flat_map(|q| q.words.iter().map(word)));
    }

    /// Learns the findings and measures of a case.
    pub(crate) fn hear_resolution(&self, case: &resolution::GetCaseResponse) {
        let word = |w: &resolution::Word| (w.id.clone(), text(w.title.clone()));
        self.learn(Shelf::Finding, case.findings.iter().map(word));
        self.learn(Shelf::Measure, case.measure_words.iter().map(word));
    }

    /// Learns the names of the units.
    pub(crate) fn hear_units(&self, units: &[contracts::assignment::Unit]) {
        self.learn(Shelf::Unit, units.iter().map(|u| (u.unit_id.clone(), text(u.name.clone()))));
    }

    fn knows(&self, shelf: Shelf, id: &str) -> bool {
        self.0.read().unwrap_or_else(PoisonError::into_inner).contains_key(&(shelf, id.to_owned()))
    }

    /// Asks for severities not heard of yet: one question for each, at a case that has it.
    pub(crate) async fn ask_severities(&self, asker: &Asker, cases: impl Iterator<Item = (String, String)>) {
        let unknown: BTreeMap<String, String> =
            cases.filter(|(severity, _)| !severity.is_empty() && !self.knows(Shelf::Severity, severity)).collect();
        let questions = unknown.into_values().map(|case_id| asker.triage_of(triage::GetCaseRequest { case_id }));
        for answer in futures::future::join_all(questions).await.into_iter().flatten() {
            if let Some(vocabulary) = &answer.vocabulary {
                self.hear_vocabulary(vocabulary);
            }
        }
    }
}
