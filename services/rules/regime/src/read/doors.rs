//! How a matter comes in, whether it is taken, and how grave it is.

use super::Desk;
use crate::names::{Names, Set};
use crate::node::Node;
use crate::reader::{Reader, Rule};
use crate::vocabulary::{CHANNELS, term};
use crate::{Channel, Grade, Grading, Ground, Outcome};

pub(super) fn channels(reader: &Reader, names: &Names, section: Option<&Node>) -> Vec<Channel> {
    let mut channels: Vec<Channel> = Vec::new();
    for node in section.map_or(&[][..], Node::members) {
        let fields = ["channel", "recorded-by", "open", "requires", "anonymous", "form"];
        let Some(rule) = reader.rule(node, ("渠道", "channel"), &fields) else { continue };
        let recorded_by = rule.get("recorded-by").and_then(|node| names.one(&rule, Set::Role, node));
        if rule.get("recorded-by").is_some() == rule.flag("open") {
            rule.fail(
                rule.line,
                "渠道须写明由谁登记(recorded-by)或向公众开放(open: yes)，二者取一",
                "a channel is either recorded by a role (recorded-by) or open to the public (open: yes)",
            );
        }
        let requires = rule.get("requires").map_or_else(Vec::new, |node| names.many(&rule, Set::Field, node));
        let form = rule.get("form").and_then(|node| names.one(&rule, Set::Form, node));
        for node in rule.need("channel").map_or(&[][..], Node::members) {
            let Some(id) = names.one(&rule, Set::Channel, node) else { continue };
            if channels.iter().any(|channel| channel.id == id) {
                rule.fail(node.line, format!("渠道“{id}”重复出现"), format!("the channel `{id}` stands here twice"));
            }
            channels.push(Channel {
                title: term(CHANNELS, &id).map(|term| term.title()).unwrap_or_default(),
                id,
                recorded_by: recorded_by.clone(),
                requires: requires.clone(),
                may_be_anonymous: rule.flag("anonymous"),
                form: form.clone(),
                cite: rule.cite.clone(),
            });
        }
    }
    channels
}

impl Desk<'_> {
    pub(super) fn scope(&self, section: Option<&Node>) -> Vec<Ground> {
        let mut grounds: Vec<Ground> = Vec::new();
        for node in self.list(section) {
            let Some(rule) =
                self.reader.rule(node, ("不予受理的情形", "ground"), &["ground", "zh", "en", "then", "say"])
            else {
                continue;
            };
            let (id, title, say) = (rule.word("ground"), rule.title(), rule.text("say"));
            let outcome = rule.need("then").and_then(|node| outcome(&rule, node));
            let (Some(id), Some(title), Some(say), Some(outcome)) = (id, title, say, outcome) else { continue };
            if grounds.iter().any(|ground| ground.id == id) {
                rule.fail(rule.line, format!("情形“{id}”重复出现"), format!("the ground `{id}` stands here twice"));
            }
            grounds.push(Ground { id: id.to_owned(), title, outcome, say, cite: rule.cite.clone() });
        }
        grounds
    }

    pub(super) fn grading(&self, section: Option<&Node>) -> Vec<Grading> {
        let rules: Vec<Grading> = self.list(section).iter().filter_map(|node| self.grade(node)).collect();
        let first = rules.iter().position(|rule| matches!(rule.rule, Grade::Otherwise));
        let last = rules.iter().rposition(|rule| matches!(rule.rule, Grade::If(_) | Grade::Otherwise));
        if let (Some(first), Some(last), Some(node)) = (first, last, section)
            && first < last
        {
            let line = node.members().get(last).map_or(node.line, |node| node.line);
            let cite = rules.get(last).map_or("", |rule| rule.cite.as_str());
            let (zh, en) = ("“otherwise”之后的定级规则不会被用到", "a grading rule after `otherwise` is never reached");
            self.reader.fail(line, cite, zh, en);
        }
        rules
    }

    fn grade(&self, node: &Node) -> Option<Grading> {
        let rule =
            self.reader.rule(node, ("定级规则", "grading rule"), &["if", "then", "otherwise", "on", "automatic"])?;
        let (on, otherwise) = (rule.get("on"), rule.get("otherwise"));
        let condition = self.condition(&rule);
        if let Some(node) = otherwise {
            if on.or(rule.get("if")).or(rule.get("then")).or(rule.get("automatic")).is_some() {
                rule.fail(
                    rule.line,
                    "“otherwise”不与 if、on、then、automatic 同用",
                    "`otherwise` stands without if, on, then and automatic",
                );
            }
            let then = self.names.one(&rule, Set::Severity, node)?;
            return Some(Grading { rule: Grade::Otherwise, then, is_automatic: false, cite: rule.cite });
        }
        let then = rule.need("then").and_then(|node| self.names.one(&rule, Set::Severity, node));
        let grade = match on {
            Some(node) => Grade::On(self.names.fact(&rule, node)?, condition),
            None => {
                rule.need("if")?;
                Grade::If(condition)
            }
        };
        let is_automatic = rule.flag("automatic");
        if is_automatic && on.is_none() {
            rule.fail(rule.line, "只有“on”规则可以自动定级", "only a rule `on` a fact can be automatic");
        }
        Some(Grading { rule: grade, then: then?, is_automatic, cite: rule.cite })
    }
}

fn outcome<'a>(rule: &Rule<'a>, node: &'a Node) -> Option<Outcome> {
    match rule.scalar(node)? {
        "refuse" => Some(Outcome::Refuse),
        "refer" => Some(Outcome::Refer),
        "guide" => Some(Outcome::Guide),
        other => {
            rule.unknown(node.line, ("处理方式", "outcome"), other, ["refuse", "refer", "guide"].into_iter());
            None
        }
    }
}
