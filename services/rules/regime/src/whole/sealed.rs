//! What staff wrote for the complainant is told the complainant alone: a text that asks for it is sent to nobody else.

use super::Whole;
use crate::node::Line;
use crate::{Effect, Recipient, Telling, vocabulary};

impl Whole<'_> {
    pub(super) fn sealed(&self) {
        for (notice, node) in self.regime.notices.iter().zip(self.at(&["notices"]).members()) {
            if let Telling::Send(sending) = &notice.telling {
                self.sent(node.line, &notice.cite, &sending.template, &sending.to);
            }
        }
        let told = |line: Line, cite: &str, effect: &Effect| {
            if let Effect::Tell { to, template } = effect {
                self.sent(line, cite, template, to);
            }
        };
        for (rule, node) in self.regime.effects.iter().zip(self.at(&["effects"]).members()) {
            told(node.line, &rule.cite, &rule.effect);
        }
        for clock in &self.regime.clocks {
            let line = self.line(&["clocks", &clock.name, "missed"]);
            let steps = clock.missed.iter().flat_map(|step| &step.effects);
            steps.for_each(|effect| told(line, &clock.cite, effect));
        }
        for breach in &self.regime.breaches {
            let line = self.line(&["breaches", &breach.name]);
            breach.effects.iter().for_each(|effect| told(line, &breach.cite, effect));
        }
    }

    /// The texts of the house leave out what is not for the reader; those of a pack say what they say.
    fn sent(&self, line: Line, cite: &str, id: &str, to: &[Recipient]) {
        let Some(template) = self.regime.templates.get(id) else { return };
        let Some(other) = to.iter().find(|to| **to != Recipient::Complainant) else { return };
        let texts = [&template.subject.zh, &template.subject.en, &template.body.zh, &template.body.en];
        let asks = |name: &str| texts.iter().any(|text| text.split("{{").skip(1).any(|rest| is_of(rest, name)));
        let Some(name) = vocabulary::SEALED.iter().find(|name| asks(name)) else { return };
        let title = self.regime.role_title(other.name());
        self.reader.fail(
            line,
            cite,
            format!("模板“{id}”含有只供投诉人知悉的内容 {{{{{name}}}}}，不能发给“{}”", title.zh),
            format!(
                "the template `{id}` holds {{{{{name}}}}}, which is for the complainant alone: it is not sent to {}",
                title.en
            ),
        );
    }
}

fn is_of(rest: &str, name: &str) -> bool {
    rest.split_once("}}").is_some_and(|(inside, _)| inside.trim() == name)
}
