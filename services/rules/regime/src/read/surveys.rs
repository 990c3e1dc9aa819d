//! Surveys and their questions.

use super::Desk;
use super::words::{is_id, words};
use crate::names::Set;
use crate::node::{Key, Node};
use crate::reader::Rule;
use crate::{Asks, Survey, SurveyQuestion};

/// How many must have answered before anybody is shown anything, where the pack does not say.
const LEAST: u32 = 5;

impl Desk<'_> {
    pub(super) fn surveys(&self, section: Option<&Node>) -> Vec<Survey> {
        let entries = section.map_or(&[][..], |node| self.reader.entries(node, ("调查", "surveys")));
        entries.iter().filter_map(|(key, node)| self.survey(key, node)).collect()
    }

    fn survey(&self, key: &Key, node: &Node) -> Option<Survey> {
        let rule = self.reader.rule(node, ("调查", "survey"), &["zh", "en", "role", "least", "questions"])?;
        is_id(&rule, key, '-');
        let title = rule.title();
        let role = rule.need("role").and_then(|node| self.names.one(&rule, Set::Role, node));
        let least = rule.get("least").map_or(Some(LEAST), |node| least(&rule, node));
        let section = rule.need("questions")?;
        let questions = self.reader.entries(section, ("题目", "questions"));
        if questions.is_empty() && !section.is_broken() {
            rule.fail(section.line, "调查至少有一个题目", "a survey asks at least one question");
        }
        let questions = questions.iter().filter_map(|(key, node)| self.asked(key, node)).collect();
        let (id, cite) = (key.name.clone(), rule.cite);
        Some(Survey { id, title: title?, role: role?, least: least?, questions, cite })
    }

    fn asked(&self, key: &Key, node: &Node) -> Option<SurveyQuestion> {
        const TYPES: [&str; 3] = ["words", "scale", "text"];
        let rule = self.reader.rule(node, ("调查题目", "question of a survey"), &["type", "zh", "en", "words"])?;
        is_id(&rule, key, '-');
        let title = rule.title();
        let choices = rule.get("words").map_or_else(Vec::new, |node| words(self.reader, node, ("选项", "choice")));
        let kind = rule.need("type")?;
        let asks = match rule.scalar(kind)? {
            "words" if choices.len() < 2 => {
                rule.fail(
                    kind.line,
                    "words 类型的题目至少有两个选项",
                    "a question of the type `words` has at least two choices",
                );
                return None;
            }
            "words" => Asks::Words(choices),
            "scale" | "text" if !choices.is_empty() => {
                rule.fail(kind.line, "只有 words 类型的题目有选项", "only a question of the type `words` has choices");
                return None;
            }
            "scale" => Asks::Scale,
            "text" => Asks::Text,
            other => {
                rule.unknown(kind.line, ("类型", "type"), other, TYPES.into_iter());
                return None;
            }
        };
        Some(SurveyQuestion { id: key.name.clone(), title: title?, asks, cite: rule.cite })
    }
}

/// One answer is nobody's secret once it is counted: there are two at least.
fn least<'a>(rule: &Rule<'a>, node: &'a Node) -> Option<u32> {
    let text = rule.scalar(node)?;
    let least = text.parse().ok().filter(|least| (2..=10_000).contains(least));
    if least.is_none() {
        let (zh, en) =
            (format!("“{text}”应是不小于 2 的人数"), format!("`{text}` is not a number of people, 2 or more"));
        rule.fail(node.line, zh, en);
    }
    least
}
