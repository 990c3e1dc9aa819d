//! One case on one page, put together from what each service says about it.

use crate::{
    command::{form_key, form_of},
    convert::{at, text, texts},
    view::{
        clock::Clock,
        dealings::{Candidate, GivenOrder, OrderForm, TeamForm, candidates},
        door::Question,
        linked::{Linked, Other, split_choices},
        published::Publicity,
        queue::Task,
        standing::standing,
        time::{Extension, Suspension},
        version::Version,
        work::{Appeal, Owed, Part, SignOff, Stage, StepForm},
    },
    wordbook::{Shelf, Wordbook},
    words::{self, Named},
};
use chrono::{DateTime, Utc};
use contracts::{assignment, common, deadline_watcher, intake, notification, records, resolution, triage};
use kit_core::{Problem, Text};
use serde::Serialize;
use std::collections::BTreeMap;

#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Case {
    pub(crate) case_id: String,
    pub(crate) number: String,
    pub(crate) unit: Named,
    pub(crate) regime: Named,
    pub(crate) regime_version: u32,
    pub(crate) channel: Named,
    pub(crate) kind: Named,
    pub(crate) category: Named,
    pub(crate) severity: Named,
    pub(crate) validity: Named,
    pub(crate) stage: Named,
    pub(crate) handling_unit: Named,
    pub(crate) handler: Named,
    pub(crate) slip: String,
    pub(crate) rung: u32,
    pub(crate) finding: Named,
    pub(crate) measures: Vec<Named>,
    pub(crate) satisfaction: String,
    pub(crate) received_at: Option<DateTime<Utc>>,
    pub(crate) asked_by: String,
    pub(crate) is_anonymous: bool,
    pub(crate) identity_fields: Vec<Named>,
    /// Who filed and whom it is about, in the regime's words; and how well the complainant is known.
    pub(crate) complainant: Named,
    pub(crate) respondent: Named,
    pub(crate) known_as: Named,
    /// Only whoever handles it may read what was said.
    pub(crate) is_sealed: bool,
    pub(crate) linked: Vec<Linked>,
    /// The ledgers into which it may be entered by hand, and what whoever publishes it is asked.
    pub(crate) ledgers: Vec<Named>,
    pub(crate) publicity: Option<Publicity>,
    /// Earlier cases that a rule takes for the same matter.
    pub(crate) alike: Vec<Other>,
    /// What may become a case of its own, and under which regimes.
    pub(crate) split_kinds: Vec<Named>,
    pub(crate) split_regimes: Vec<Named>,
    pub(crate) facts: Vec<Answer>,
    pub(crate) texts: Vec<SealedText>,
    /// Why the texts are not shown; a reason may open them.
    pub(crate) texts_closed: Option<Problem>,
    pub(crate) entries: Vec<Entry>,
    pub(crate) clocks: Vec<Clock>,
    pub(crate) extensions: Vec<Extension>,
    pub(crate) suspensions: Vec<Suspension>,
    pub(crate) deliveries: Vec<Delivery>,
    pub(crate) tasks: Vec<Task>,
    pub(crate) guidance: Vec<Text>,
    /// The stages of the regime's course, in order; empty where it has none.
    pub(crate) course: Vec<Stage>,
    /// Which round of handling, counted from 1; 0 where nobody said.
    pub(crate) round: u32,
    /// What each step that is open asks for.
    pub(crate) steps: Vec<StepForm>,
    /// What waits for a sign-off, and what one may be asked for.
    pub(crate) sign_offs: Vec<SignOff>,
    pub(crate) to_approve: Vec<Named>,
    /// Tracked measures that are still owed.
    pub(crate) owed: Vec<Owed>,
    /// The appeal that waits for a decision.
    pub(crate) appeal: Option<Appeal>,
    /// What a notice of acceptance, or of not taking it, must hold.
    pub(crate) accept_parts: Vec<Part>,
    pub(crate) decline_parts: Vec<Part>,
    /// The versions to which one may move it.
    pub(crate) versions: Vec<Version>,
    pub(crate) actions: Vec<Action>,
    pub(crate) vocabulary: Vocabulary,
    pub(crate) candidates: Vec<Candidate>,
    /// What was demanded within the case, what one may order, and the teams one may form.
    pub(crate) orders: Vec<GivenOrder>,
    pub(crate) order_forms: Vec<OrderForm>,
    pub(crate) team_forms: Vec<TeamForm>,
    /// The unit that returned it, until that is ruled on.
    pub(crate) returned_by: Named,
    /// Of whom somebody asks that they step back.
    pub(crate) recusals_asked: Vec<Candidate>,
    /// Whom one may name as the handler.
    pub(crate) delegates: Vec<Candidate>,
    pub(crate) staff: Vec<Named>,
    pub(crate) suggested_severity: Named,
    pub(crate) suggested_cite: String,
    /// The ground of the regime's scope whose condition holds, if one does.
    pub(crate) suggested_ground: String,
    pub(crate) suggested_ground_cite: String,
    /// Where it may be referred to among our own.
    pub(crate) units: Vec<Named>,
    pub(crate) about_unit: Named,
    /// Which parts could not be read.
    pub(crate) missing: Vec<Text>,
}

/// What the regime was told about the case.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Answer {
    pub(crate) name: String,
    pub(crate) title: Text,
    pub(crate) answer: Text,
    /// As a form holds it.
    pub(crate) plain: String,
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct SealedText {
    pub(crate) ref_id: String,
    pub(crate) purpose: Named,
    pub(crate) text: String,
    pub(crate) at: Option<DateTime<Utc>>,
}

impl From<intake::SealedText> for SealedText {
    fn from(sealed: intake::SealedText) -> Self {
        Self { ref_id: sealed.ref_id, purpose: words::purpose(&sealed.purpose), text: sealed.text, at: at(sealed.at) }
    }
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct Entry {
    pub(crate) at: Option<DateTime<Utc>>,
    pub(crate) fact: String,
    pub(crate) text: Text,
    pub(crate) actor: String,
    pub(crate) actor_name: String,
    pub(crate) producer: String,
    pub(crate) seq: u64,
    pub(crate) ref_ids: Vec<String>,
    /// The sealed texts the entry names, where they may be read.
    pub(crate) texts: Vec<SealedText>,
}

impl From<records::Entry> for Entry {
    fn from(entry: records::Entry) -> Self {
        Self {
            at: at(entry.at),
            fact: entry.fact,
            text: text(entry.text),
            actor: entry.actor,
            actor_name: entry.actor_name,
            producer: entry.producer,
            seq: entry.seq,
            ref_ids: entry.ref_ids,
            texts: Vec::new(),
        }
    }
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct Delivery {
    pub(crate) notice_id: String,
    pub(crate) way: Named,
    pub(crate) recipient: String,
    pub(crate) template: String,
    /// The number of the document, where it is one.
    pub(crate) document: String,
    pub(crate) cite: String,
    pub(crate) state: Named,
    pub(crate) at: Option<DateTime<Utc>>,
}

/// A command the person may give, or what is missing before they may. `id` is the regime's own word, `command` the
/// form that gives it, and `version` that of the service it goes to; nothing where the command rests on none.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Action {
    pub(crate) id: String,
    pub(crate) command: &'static str,
    /// By which the page knows the form.
    pub(crate) key: String,
    pub(crate) title: Text,
    pub(crate) is_allowed: bool,
    pub(crate) missing: Vec<Text>,
    pub(crate) cite: String,
    pub(crate) version: u64,
    /// A digest of what the service said beside its version: a version also moves on for events that change nothing
    /// a decision rests on.
    pub(crate) basis: String,
}

#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Vocabulary {
    pub(crate) kinds: Vec<Named>,
    pub(crate) categories: Vec<Named>,
    pub(crate) severities: Vec<Named>,
    pub(crate) validities: Vec<Named>,
    pub(crate) grounds: Vec<Named>,
    pub(crate) referrals: Vec<Named>,
    pub(crate) courtesies: Vec<Named>,
    pub(crate) bodies: Vec<Named>,
    pub(crate) departments: Vec<Named>,
    pub(crate) questions: Vec<Question>,
    pub(crate) findings: Vec<Named>,
    pub(crate) measures: Vec<Named>,
}

impl Case {
    /// Takes in what intake knows.
    pub(crate) fn hear_intake(&mut self, case: intake::GetCaseResponse, words: &Wordbook) {
        self.number = case.number;
        self.unit = words.name(Shelf::Unit, &case.unit_id);
        self.regime = words.name(Shelf::Regime, &case.regime_id);
        self.regime_version = case.regime_version;
        self.channel = words.name(Shelf::Channel, &case.channel);
        self.kind = words.name(Shelf::Kind, &case.kind);
        self.received_at = at(case.received_at);
        self.asked_by = case.asked_by.unwrap_or_default();
        self.is_anonymous = case.is_anonymous;
        self.complainant = words.name(Shelf::Party, &case.complainant);
        self.respondent = words.name(Shelf::Party, &case.respondent);
        self.known_as = words::known_as(&case.identity);
        self.is_sealed = case.is_sealed;
        self.linked = case.linked.into_iter().map(Linked::from).collect();
        (self.split_kinds, self.split_regimes) = split_choices(case.split_into);
        self.identity_fields = case.identity_fields.iter().map(|field| words::identity(field)).collect();
        self.hear_actions(case.actions, 0, "");
    }

    /// Takes in what triage knows.
    pub(crate) fn hear_triage(&mut self, case: triage::GetCaseResponse, words: &Wordbook) {
        let (version, basis) = standing(&case);
        let vocabulary = case.vocabulary.unwrap_or_default();
        words.hear_vocabulary(&vocabulary);
        let choices = |list: Vec<triage::Word>| list.into_iter().map(|w| Named::new(w.id, text(w.title))).collect();
        self.kind = words.name(Shelf::Kind, &case.kind);
        self.category = words.name(Shelf::Category, &case.category);
        self.severity = words.name(Shelf::Severity, &case.severity);
        self.validity = words.name(Shelf::Validity, &case.validity);
        self.suggested_severity = words.name(Shelf::Severity, &case.suggested_severity);
        self.suggested_cite = case.suggested_cite;
        self.suggested_ground = case.suggested_ground;
        self.suggested_ground_cite = case.suggested_ground_cite;
        self.accept_parts = case.accept_parts.into_iter().map(Part::from).collect();
        self.decline_parts = case.decline_parts.into_iter().map(Part::from).collect();
        self.about_unit = words.name(Shelf::Unit, &case.about_unit_id.unwrap_or_default());
        self.versions = case.versions.into_iter().map(Version::from).collect();
        self.facts = case.facts.into_iter().map(|fact| answer(fact, words)).collect();
        let (findings, measures) = (self.vocabulary.findings.clone(), self.vocabulary.measures.clone());
        self.vocabulary = Vocabulary {
            kinds: choices(vocabulary.kinds),
            categories: choices(vocabulary.categories),
            severities: choices(vocabulary.severities),
            validities: choices(vocabulary.validities),
            grounds: choices(vocabulary.grounds),
            referrals: choices(vocabulary.referrals),
            courtesies: choices(vocabulary.courtesies),
            bodies: choices(vocabulary.bodies),
            departments: choices(vocabulary.departments),
            questions: vocabulary.questions.into_iter().map(Question::from).collect(),
            findings,
            measures,
        };
        self.stage = words::state(&case.state);
        self.hear_actions(case.actions, version, &basis);
    }

    /// Takes in who handles it.
    pub(crate) fn hear_assignment(&mut self, case: assignment::GetCaseResponse, words: &Wordbook) {
        let (version, basis) = standing(&case);
        self.handling_unit = words.name(Shelf::Unit, &case.handling_unit_id);
        self.handler = Named::new(case.handler_id, Text::new(case.handler_name.clone(), case.handler_name));
        self.slip = case.slip;
        self.rung = case.rung;
        if matches!(case.state.as_str(), "held" | "to-dispatch" | "dispatched" | "signed" | "returned") {
            self.stage = words::state(&case.state);
        }
        self.candidates = candidates(case.candidates);
        self.orders = case.orders.into_iter().map(|order| GivenOrder::new(order, words)).collect();
        self.order_forms = case.order_forms.into_iter().map(|form| OrderForm::new(form, words)).collect();
        self.team_forms = case.team_forms.into_iter().map(TeamForm::from).collect();
        self.returned_by = words.name(Shelf::Unit, &case.returned_by);
        self.recusals_asked = candidates(case.recusals_asked);
        self.delegates = candidates(case.delegates);
        self.hear_actions(case.actions, version, &basis);
    }

    /// Takes in what was done.
    pub(crate) fn hear_resolution(&mut self, case: resolution::GetCaseResponse, words: &Wordbook) {
        let (version, basis) = standing(&case);
        words.hear_resolution(&case);
        let choices = |list: Vec<resolution::Word>| list.into_iter().map(Named::from).collect();
        self.finding = words.name(Shelf::Finding, &case.finding);
        self.measures = case.measures.iter().map(|id| words.name(Shelf::Measure, id)).collect();
        self.satisfaction = case.satisfaction;
        self.guidance = texts(case.guidance);
        self.course = crate::view::work::stages(case.course);
        self.round = case.round;
        self.steps = case.steps.into_iter().map(StepForm::from).collect();
        self.sign_offs = case.sign_offs.into_iter().map(SignOff::from).collect();
        self.to_approve = choices(case.to_approve);
        self.owed = case.owed.into_iter().map(Owed::from).collect();
        self.appeal = case.appeal.map(Appeal::from);
        self.vocabulary.findings = choices(case.findings);
        self.vocabulary.measures = choices(case.measure_words);
        if matches!(case.state.as_str(), "handling" | "resolved" | "closed") {
            self.stage = words::state(&case.state);
        }
        self.hear_actions(case.actions, version, &basis);
    }

    /// Takes in the clocks.
    pub(crate) fn hear_clocks(&mut self, case: deadline_watcher::GetCaseResponse, now: DateTime<Utc>) {
        let (version, basis) = standing(&case);
        self.clocks = crate::view::clock::clocks(case.clocks, now);
        self.extensions = case.extensions.into_iter().map(Extension::from).collect();
        self.suspensions = case.suspensions.into_iter().map(Suspension::from).collect();
        self.hear_actions(case.actions, version, &basis);
    }

    /// Takes in the dossier.
    pub(crate) fn hear_dossier(&mut self, dossier: records::GetDossierResponse, words: &Wordbook) {
        if matches!(dossier.state.as_str(), "closed" | "declined" | "withdrawn") {
            self.stage = words::state(&dossier.state);
        }
        if self.severity.id.is_empty() {
            self.severity = words.name(Shelf::Severity, &dossier.severity);
        }
        self.entries = dossier.entries.into_iter().map(Entry::from).collect();
        self.ledgers = dossier.ledgers.into_iter().map(|one| Named::new(one.id, text(one.title))).collect();
        let own = crate::view::published::actions(&self.ledgers, dossier.publicity.as_ref());
        self.publicity = dossier.publicity.map(Publicity::from);
        self.hear_actions(own, 0, "");
    }

    /// Takes in what was sent.
    pub(crate) fn hear_deliveries(&mut self, answer: notification::ListDeliveriesResponse) {
        self.deliveries = answer.deliveries.into_iter().map(delivery).collect();
    }

    fn hear_actions(&mut self, actions: Vec<common::Action>, version: u64, basis: &str) {
        let is_step = |id: &str| self.steps.iter().any(|form| form.step == id);
        let actions = actions.into_iter().map(|action| (form_of(&action.id, is_step(&action.id)), action));
        self.actions.extend(actions.map(|(command, action)| Action {
            command,
            key: form_key(command, &action.id),
            id: action.id,
            title: text(action.title),
            is_allowed: action.is_allowed,
            missing: texts(action.missing),
            cite: action.cite,
            // Some commands rest on no version, whoever takes them, and would refuse one.
            version: if crate::command::takes_version(command) { version } else { 0 },
            basis: basis.to_owned(),
        }));
    }

    /// What may be done before what may not be done yet, each in the order of a case's life; one entry for each word.
    pub(crate) fn sort_actions(&mut self) {
        let mut seen = BTreeMap::new();
        for action in std::mem::take(&mut self.actions) {
            seen.entry(action.id.clone()).or_insert(action);
        }
        self.actions = seen.into_values().collect();
        self.actions.sort_by_key(|action| (!action.is_allowed, crate::command::order(action.command)));
    }
}

fn answer(fact: common::Fact, words: &Wordbook) -> Answer {
    use common::fact_value::Kind;
    let (plain, said) = match fact.value.and_then(|value| value.kind) {
        Some(Kind::Flag(true)) => ("true".to_owned(), Text::new("是", "Yes")),
        Some(Kind::Flag(false)) => ("false".to_owned(), Text::new("否", "No")),
        Some(Kind::Number(n)) => (n.to_string(), Text::new(n.to_string(), n.to_string())),
        Some(Kind::Word(word)) => {
            let title = words.name(Shelf::Answer, &word).title;
            (word, title)
        }
        None => (String::new(), Text::new("—", "—")),
    };
    Answer { title: words.name(Shelf::Question, &fact.name).title, name: fact.name, answer: said, plain }
}

fn delivery(d: notification::Delivery) -> Delivery {
    Delivery {
        notice_id: d.notice_id,
        way: words::way(&d.way),
        recipient: d.recipient,
        template: d.template,
        document: d.document,
        cite: d.cite,
        state: words::state(&d.state),
        at: at(d.at),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_done_stands_before_what_may_not_and_each_word_once() {
        let action = |id: &str, is_allowed| common::Action { id: id.into(), is_allowed, ..Default::default() };
        let mut case = Case::default();
        case.hear_actions(vec![action("triage", false), action("close", true), action("note", true)], 1, "");
        case.hear_actions(vec![action("note", false)], 2, "");
        case.sort_actions();
        let ids: Vec<_> = case.actions.iter().map(|a| (a.id.as_str(), a.is_allowed)).collect();
        assert_eq!(ids, [("note", true), ("close", true), ("triage", false)]);
    }
}
