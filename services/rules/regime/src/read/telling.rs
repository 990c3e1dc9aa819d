//! Notices, the templates they send, and callback.

use super::Desk;
use crate::names::Set;
use crate::node::Node;
use crate::reader::{Reader, Rule, unknown};
use crate::vocabulary::{HANDLER, PLACEHOLDERS};
use crate::{Callback, Notice, Recipient, Telling, Template};

/// The templates, in the order of the pack.
pub(super) fn templates(reader: &Reader, section: Option<&Node>) -> Vec<(String, Template)> {
    let Some(section) = section else { return Vec::new() };
    let template = |node| {
        let part = reader.part(node, ("模板", "template"), &["subject", "body"])?;
        let (subject, body) = (part.text("subject"), part.text("body"));
        for node in [part.get("subject"), part.get("body")].into_iter().flatten() {
            ["zh", "en"].iter().filter_map(|language| node.get(language)).for_each(|node| placeholders(&part, node));
        }
        Some(Template { subject: subject?, body: body? })
    };
    let entries = reader.entries(section, ("模板", "templates")).iter();
    entries.map(|(key, node)| (key.name.clone(), template(node).unwrap_or_else(nothing))).collect()
}

/// What stands for a template that is wrong: its name is known, so that its uses are not further mistakes.
fn nothing() -> Template {
    Template { subject: kit_core::Text::default(), body: kit_core::Text::default() }
}

fn placeholders(part: &Rule<'_>, node: &Node) {
    let text = node.text().unwrap_or_default();
    let mut parts = text.split("{{");
    parts.next();
    for piece in parts {
        let Some((name, _)) = piece.split_once("}}") else {
            part.fail(node.line, "“{{”没有配对的“}}”", "a `{{` is not closed by `}}`");
            continue;
        };
        let known = PLACEHOLDERS.iter().map(|term| term.id);
        if !known.clone().any(|id| id == name.trim()) {
            let (zh, en) = unknown(("占位符", "placeholder"), name.trim(), known);
            part.fail(node.line, zh, en);
        }
    }
}

impl Desk<'_> {
    pub(super) fn notices(&self, section: Option<&Node>) -> Vec<Notice> {
        let mut notices: Vec<Notice> = Vec::new();
        for node in self.list(section) {
            let Some(mut notice) = self.notice(node) else { continue };
            let twins = notices.iter().filter(|other| is_numbered(&other.id, &notice.id)).count();
            if twins > 0 {
                notice.id = format!("{}#{}", notice.id, twins + 1);
            }
            notices.push(notice);
        }
        notices
    }

    fn notice(&self, node: &Node) -> Option<Notice> {
        let fields = ["on", "if", "to", "send", "by", "task", "role", "done", "zh", "en"];
        let rule = self.reader.rule(node, ("通知规则", "notice"), &fields)?;
        let on = rule.need("on").and_then(|node| self.names.fact(&rule, node));
        let condition = self.condition(&rule);
        let to = rule.need("to").map_or_else(Vec::new, |node| self.recipients(&rule, node));
        let telling = match (rule.get("send"), rule.get("task")) {
            (Some(node), None) => {
                strangers(&rule, "send", &["role", "done", "zh", "en"]);
                self.sending(&rule, node, to.clone())
            }
            (None, Some(node)) => {
                strangers(&rule, "task", &["by"]);
                self.task(&rule, node, &to)
            }
            _ => {
                rule.fail(
                    rule.line,
                    "通知须写明发送的模板(send)或须做的告知(task)，二者取一",
                    "a notice has a template to send (send) or a call or visit to make (task), one of them",
                );
                None
            }
        };
        let (on, telling) = (on?, telling?);
        let id = match &telling {
            Telling::Send { template, .. } => format!("{on}/{template}/{}", recipients(&to)),
            Telling::Task { done, .. } => format!("{on}/{done}"),
        };
        Some(Notice { id, on, condition, telling, cite: rule.cite })
    }

    fn sending(&self, rule: &Rule<'_>, node: &Node, to: Vec<Recipient>) -> Option<Telling> {
        let by =
            rule.get("by").map_or_else(|| vec!["email".to_owned()], |node| self.names.many(rule, Set::SendWay, node));
        if to.is_empty() {
            return None;
        }
        Some(Telling::Send { to, template: self.names.one(rule, Set::Template, node)?, by })
    }

    fn task<'a>(&self, rule: &Rule<'a>, node: &'a Node, to: &[Recipient]) -> Option<Telling> {
        if to != [Recipient::Complainant] {
            rule.fail(rule.line, "电话或上门告知的对象只能是投诉人", "a call or visit is made to the complainant");
        }
        let ways = self.names.many(rule, Set::TaskWay, node);
        let role = rule.need("role").and_then(|node| self.names.one(rule, Set::Role, node));
        let done = rule.need("done").and_then(|node| self.names.fact(rule, node));
        let title = rule.title();
        Some(Telling::Task { role: role?, ways, done: done?, title: title? })
    }

    pub(super) fn recipients(&self, rule: &Rule<'_>, node: &Node) -> Vec<Recipient> {
        let one = |node: &Node| match node.text().map(str::trim) {
            Some("complainant") => Some(Recipient::Complainant),
            Some(HANDLER) => Some(Recipient::Handler),
            _ => self.names.one(rule, Set::RoleOrHandler, node).map(Recipient::Role),
        };
        node.members().iter().filter_map(one).collect()
    }

    pub(super) fn callback(&self, node: &Node) -> Option<Callback> {
        let rule = self.reader.rule(
            node,
            ("回访规则", "callback"),
            &["zh", "en", "if", "after", "by", "ordered-by", "ways"],
        )?;
        let title = rule.title();
        let condition = self.condition(&rule);
        let after = rule.need("after").and_then(|node| self.names.fact(&rule, node));
        let by = rule.need("by").and_then(|node| self.names.one(&rule, Set::Role, node));
        let ordered_by = rule.get("ordered-by").and_then(|node| self.names.one(&rule, Set::Role, node));
        let ways = rule.need("ways").map_or_else(Vec::new, |node| self.names.many(&rule, Set::TaskWay, node));
        Some(Callback { condition, after: after?, by: by?, ordered_by, ways, title: title?, cite: rule.cite })
    }
}

/// Fields that mean nothing in a notice of this kind.
fn strangers(rule: &Rule<'_>, kind: &str, fields: &[&str]) {
    for field in fields {
        if let Some(node) = rule.get(field) {
            let (zh, en) = (format!("“{field}”不与“{kind}”同用"), format!("`{field}` does not stand with `{kind}`"));
            rule.fail(node.line, zh, en);
        }
    }
}

fn recipients(to: &[Recipient]) -> String {
    let names = to.iter().map(|recipient| match recipient {
        Recipient::Complainant => "complainant",
        Recipient::Handler => HANDLER,
        Recipient::Role(role) => role,
    });
    names.collect::<Vec<_>>().join("+")
}

fn is_numbered(id: &str, base: &str) -> bool {
    id.strip_prefix(base).is_some_and(|rest| rest.is_empty() || rest.starts_with('#'))
}
