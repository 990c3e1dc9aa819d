//! Names that a pack declares and never uses.

use super::Whole;
use crate::node::{Data, Node};
use crate::reader::Noun;
use crate::{Gravity, Telling, Word};
use std::collections::BTreeSet;

impl Whole<'_> {
    pub(super) fn unused(&self) {
        let said = Said::of(self.root);
        let sends = |id: &String| {
            let sent = |telling: &Telling| matches!(telling, Telling::Send(sending) if sending.template == *id);
            // Reminders and climbs are sent by themselves; effects name their template.
            matches!(id.as_str(), "reminder" | "deadline-near" | "escalated" | "alert")
                || self.regime.notices.iter().any(|notice| sent(&notice.telling))
                || said.words.contains(id)
        };
        for id in self.regime.templates.keys().filter(|id| !sends(id)) {
            self.odd(&["templates", id], "", ("模板", "template"), id);
        }
        let words = &self.regime.words;
        let by_words = |list: &str, what: Noun, words: &[Word]| {
            for word in words.iter().filter(|word| !said.words.contains(&word.id)) {
                self.odd(&["words", list, &word.id], &word.cite, what, &word.id);
            }
        };
        by_words("roles", ("角色", "role"), &words.roles);
        for form in words.forms.iter().filter(|form| !said.words.contains(&form.word.id)) {
            self.odd(&["words", "forms", &form.word.id], &form.word.cite, ("表单", "form"), &form.word.id);
        }
        if let Some(gradable) = self.gradable() {
            for word in words.severities.iter().filter(|word| !gradable.contains(word.id.as_str())) {
                self.odd(&["words", "severities", &word.id], &word.cite, ("等级", "severity"), &word.id);
            }
        }
        for question in words.facts.iter().filter(|question| !said.asked.contains(&question.name)) {
            self.odd(&["words", "facts", &question.name], &question.cite, ("案件事实", "fact"), &question.name);
        }
    }

    fn odd(&self, path: &[&str], cite: &str, what: Noun, id: &str) {
        let zh = format!("{}“{id}”没有任何规则用到", what.0);
        self.reader.note(Gravity::Warning, self.line(path), cite, zh, format!("no rule uses the {} `{id}`", what.1));
    }
}

/// Everything that the rules of a pack say, outside of its vocabulary.
struct Said {
    words: BTreeSet<String>,
    /// Whatever conditions name.
    asked: BTreeSet<String>,
}

impl Said {
    fn of(root: &Node) -> Self {
        let mut said = Self { words: BTreeSet::new(), asked: BTreeSet::new() };
        let rules = root.pairs().iter().filter(|(key, _)| !matches!(key.name.as_str(), "words" | "parameters"));
        rules.for_each(|(_, node)| said.visit(node));
        said
    }

    fn visit(&mut self, node: &Node) {
        if let Some(text) = node.text() {
            self.words.insert(text.trim().to_owned());
            return;
        }
        for (key, node) in node.pairs() {
            if let ("if", Some(text)) = (key.name.as_str(), node.text()) {
                let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
                self.asked.extend(text.split(|c| !is_name(c)).map(str::to_owned));
            }
            self.visit(node);
        }
        if let Data::List(members) = &node.data {
            members.iter().for_each(|member| self.visit(member));
        }
    }
}
