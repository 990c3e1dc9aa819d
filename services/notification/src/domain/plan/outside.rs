//! Telling people who are not of the house: the complainant, the respondent, and bodies. What no machine can bring to
//! them a person does, where the rule wants it to have happened or the text is a document.

use super::{EMAIL, Kind, Owed, PlannedTask, Planner};
use kit_core::Text;
use regime::{FactRef, Party, Recipient, Sending, vocabulary};
use std::collections::BTreeMap;

/// What a delivery proves where the rule names no fact.
const DELIVERED: &str = "notice-sent";
/// The template of the house that turns a matter away.
const DECLINED: &str = "declined";
/// The templates of the house that tell of a decision.
const DECIDING: [&str; 4] = [DECLINED, "result", "termination", "appeal-result"];

impl Planner<'_> {
    pub(super) fn outside(&mut self, fact: &FactRef, sending: &Sending, to: &Recipient, cite: &str) {
        let view = &self.case.view;
        let (kind, can_send) = match to {
            // Nobody who stayed anonymous is written to, and nobody without an address.
            Recipient::Complainant => {
                (Kind::Complainant, !view.is_anonymous && view.reach.iter().any(|way| way == EMAIL))
            }
            Recipient::Respondent => (Kind::Respondent, view.respondent_reach.iter().any(|way| way == EMAIL)),
            _ => (Kind::Body, false),
        };
        // Where a rule names who brings it, it wants it brought; and nobody is turned away without being told.
        let is_named = sending.role.is_some() || sending.template == DECLINED;
        let is_wanted = sending.done.is_some() || sending.is_document || kind == Kind::Body || is_named;
        if !can_send && (!is_wanted || kind == Kind::Complainant && self.is_beyond_reach()) {
            return;
        }
        let mut notice = self.notice(fact, (kind, to.name()), None, &sending.template, cite);
        notice.is_document = sending.is_document;
        notice.is_by_hand = !can_send;
        notice.done = sending.done.as_ref().map(|done| done.word.clone()).unwrap_or_default();
        notice.owed = is_wanted.then(|| self.owed(sending, to));
        notice.params.redress = self.redress(kind, &sending.template);
        if kind == Kind::Complainant {
            notice.parts = self.parts(&sending.template);
        }
        let is_new = !self.told.contains(&notice.dedupe_key);
        if let Some(owed) = notice.owed.clone().filter(|_| notice.is_by_hand && is_new) {
            self.plan.tasks.push(by_hand(&notice.dedupe_key, owed));
        }
        self.tell(notice);
    }

    /// What fills the placeholders of the complainant.
    fn parts(&self, template: &str) -> BTreeMap<String, String> {
        let mut parts = self.happening.parts.clone();
        if let Some(text) = self.happening.text.as_ref().filter(|_| self.regime.templates.contains_key(template)) {
            for name in ["process", "reasons"] {
                parts.entry(name.to_owned()).or_insert_with(|| text.clone());
            }
        }
        parts
    }

    /// Where the party may turn, in what tells them of a decision.
    fn redress(&self, kind: Kind, template: &str) -> Text {
        let party = match kind {
            Kind::Complainant => Party::Complainant,
            Kind::Respondent => Party::Respondent,
            Kind::Staff | Kind::Body => return Text::default(),
        };
        if !DECIDING.contains(&template) && !self.regime.templates.contains_key(template) {
            return Text::default();
        }
        let all = self.regime.redress_for(party, &self.case.view);
        let zh: Vec<&str> = all.iter().map(|redress| redress.say.zh.as_str()).collect();
        let en: Vec<&str> = all.iter().map(|redress| redress.say.en.as_str()).collect();
        Text::new(zh.join("；"), en.join("; "))
    }

    fn owed(&self, sending: &Sending, to: &Recipient) -> Owed {
        let title = self.regime.template(&sending.template).map(|template| bare(&template.subject));
        let (title, whom) = (title.unwrap_or_default(), self.regime.role_title(to.name()));
        let ways: &[&str] = if sending.is_document { &["letter", "visit"] } else { &["call", "letter", "visit"] };
        Owed {
            purpose: sending.done.as_ref().map_or_else(|| DELIVERED.to_owned(), |done| done.word.clone()),
            title: Text::new(
                format!("将《{}》送达{}", title.zh, whom.zh),
                format!("Deliver \"{}\" to {}", title.en, whom.en),
            ),
            ways: ways.iter().map(|way| (*way).to_owned()).collect(),
            role: sending.role.clone().unwrap_or_else(|| self.deliverer()),
        }
    }

    /// Whoever handles the case; before anybody does, whoever may take it in or refer it.
    fn deliverer(&self) -> String {
        let handler = || vocabulary::HANDLER.to_owned();
        if self.case.view.handler.is_some() {
            return handler();
        }
        let may = ["refer", "accept", "triage", "tell"].into_iter().flat_map(|command| self.regime.roles_for(command));
        may.into_iter().find(|role| !vocabulary::CASE_ROLES.contains(&role.as_str())).cloned().unwrap_or_else(handler)
    }
}

/// The delivery of a notice as a task.
pub(crate) fn by_hand(notice: &str, owed: Owed) -> PlannedTask {
    let Owed { purpose, title, ways, role } = owed;
    PlannedTask { dedupe_key: format!("{notice}|by-hand"), purpose, title, ways, role, is_callback: false }
}

/// A subject without its placeholders.
fn bare(subject: &Text) -> Text {
    let bare = |text: &str| {
        let mut parts = text.split("{{");
        let first = parts.next().unwrap_or_default().to_owned();
        let rest = parts.filter_map(|part| part.split_once("}}")).map(|(_, rest)| rest);
        rest.fold(first, |said, rest| said + rest).trim().trim_end_matches([':', '：']).to_owned()
    };
    Text::new(bare(&subject.zh), bare(&subject.en))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_is_said_without_its_placeholders() {
        let said = bare(&Text::new("受理通知 {{number}}", "{{ number }}: your matter is taken"));
        assert_eq!((said.zh.as_str(), said.en.as_str()), ("受理通知", ": your matter is taken"));
    }
}
