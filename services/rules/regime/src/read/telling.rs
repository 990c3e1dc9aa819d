//! Notices, the templates they send, and callbacks.

use super::Desk;
use crate::names::Set;
use crate::node::Node;
use crate::reader::{Reader, Rule, unknown};
use crate::vocabulary::{COMPLAINANT, FIRST_CONTACT, HANDLER, PLACEHOLDERS, RESPONDENT, TEAM, UNIT_HEAD};
use crate::{Callback, FactRef, Notice, Recipient, Sending, Telling, Template};

/// Of how many cases in a hundred a callback is where the text says only that some are taken by lot.
const RANDOM: u8 = 10;

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
    // Whatever fills a template in takes these for its own language, and fails at it when somebody has to be told.
    if let Some(odd) = ["{%", "{#"].into_iter().find(|odd| text.contains(odd)) {
        let (zh, en) = (
            format!("模板中不能有“{odd}”；只能有占位符，如 {{{{ number }}}}"),
            format!("a template holds no `{odd}`, but placeholders such as {{{{ number }}}}"),
        );
        part.fail(node.line, zh, en);
    }
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
        let fields = ["on", "if", "to", "send", "as", "by", "task", "role", "done", "zh", "en"];
        let rule = self.reader.rule(node, ("通知规则", "notice"), &fields)?;
        let on = rule.need("on").map_or_else(Vec::new, |node| self.names.facts_in(&rule, node));
        let condition = self.condition(&rule);
        let to = rule.need("to").map_or_else(Vec::new, |node| self.recipients(&rule, node));
        let telling = match (rule.get("send"), rule.get("task")) {
            (Some(node), None) => {
                strangers(&rule, "send", &["zh", "en"]);
                self.sending(&rule, node, to.clone()).map(Telling::Send)
            }
            (None, Some(node)) => {
                strangers(&rule, "task", &["by", "as"]);
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
        let telling = telling.filter(|_| !on.is_empty())?;
        let said: Vec<String> = on.iter().map(FactRef::to_string).collect();
        let id = match &telling {
            Telling::Send(sending) => format!("{}/{}/{}", said.join("+"), sending.template, recipients(&to)),
            Telling::Task { done, .. } => format!("{}/{done}", said.join("+")),
        };
        Some(Notice { id, on, condition, telling, cite: rule.cite })
    }

    fn sending<'a>(&self, rule: &Rule<'a>, node: &'a Node, to: Vec<Recipient>) -> Option<Sending> {
        let by =
            rule.get("by").map_or_else(|| vec!["email".to_owned()], |node| self.names.many(rule, Set::SendWay, node));
        let done = rule.get("done").and_then(|node| self.names.fact(rule, node));
        let role = rule.get("role").and_then(|node| self.names.one(rule, Set::RoleOrHandler, node));
        if done.is_some() && to.len() != 1 {
            rule.fail(
                rule.line,
                "写有 done 的通知只能有一个对象：发出即视为已经告知的是谁，必须明确",
                "a notice with `done` has one recipient: it must be plain who has then been told",
            );
        }
        let is_document = match rule.get("as").map(|node| (node, node.text().unwrap_or_default().trim())) {
            None => false,
            Some((_, "document")) => true,
            Some((node, other)) => {
                rule.unknown(node.line, ("文书形式", "form"), other, ["document"].into_iter());
                false
            }
        };
        if to.is_empty() {
            return None;
        }
        Some(Sending { to, template: self.names.one(rule, Set::Template, node)?, by, done, role, is_document })
    }

    fn task<'a>(&self, rule: &Rule<'a>, node: &'a Node, to: &[Recipient]) -> Option<Telling> {
        let [to @ (Recipient::Complainant | Recipient::Respondent)] = to else {
            rule.fail(
                rule.line,
                "电话或上门告知的对象只能是投诉人或被投诉人",
                "a call or visit is made to the complainant or to the respondent",
            );
            return None;
        };
        let ways = self.names.many(rule, Set::TaskWay, node);
        let role = rule.need("role").and_then(|node| self.names.one(rule, Set::RoleOrHandler, node));
        let done = rule.need("done").and_then(|node| self.names.fact(rule, node));
        let title = rule.title();
        Some(Telling::Task { to: to.clone(), role: role?, ways, done: done?, title: title? })
    }

    pub(super) fn recipients(&self, rule: &Rule<'_>, node: &Node) -> Vec<Recipient> {
        let one = |node: &Node| {
            let name = self.names.one(rule, Set::Recipient, node)?;
            Some(match name.as_str() {
                COMPLAINANT => Recipient::Complainant,
                RESPONDENT => Recipient::Respondent,
                HANDLER => Recipient::Handler,
                FIRST_CONTACT => Recipient::FirstContact,
                TEAM => Recipient::Team,
                UNIT_HEAD => Recipient::UnitHead,
                _ if self.names.of(Set::Role).contains(&name) => Recipient::Role(name),
                _ => Recipient::Body(name),
            })
        };
        node.members().iter().filter_map(one).collect()
    }

    pub(super) fn callbacks(&self, section: Option<&Node>) -> Vec<Callback> {
        self.list(section).iter().filter_map(|node| self.callback(node)).collect()
    }

    fn callback(&self, node: &Node) -> Option<Callback> {
        let fields = ["zh", "en", "of", "if", "after", "by", "ordered-by", "ways"];
        let rule = self.reader.rule(node, ("回访规则", "callback"), &fields)?;
        let title = rule.title();
        let share = rule.get("of").map_or(Some(100), |node| share(&rule, node));
        let condition = self.condition(&rule);
        let after = rule.need("after").and_then(|node| self.names.fact(&rule, node));
        let by = rule.need("by").and_then(|node| self.names.one(&rule, Set::RoleOrHandler, node));
        let ordered_by = rule.get("ordered-by").and_then(|node| self.names.one(&rule, Set::Role, node));
        let ways = rule.need("ways").map_or_else(Vec::new, |node| self.names.many(&rule, Set::TaskWay, node));
        Some(Callback {
            share: share?,
            condition,
            after: after?,
            by: by?,
            ordered_by,
            ways,
            title: title?,
            cite: rule.cite,
        })
    }
}

/// `every-case`, `random`, or a share such as `20%`.
fn share<'a>(rule: &Rule<'a>, node: &'a Node) -> Option<u8> {
    let text = rule.scalar(node)?;
    let share = match text {
        "every-case" => Some(100),
        "random" => Some(RANDOM),
        _ => {
            text.strip_suffix('%').and_then(|share| share.trim().parse().ok()).filter(|share| (1..=100).contains(share))
        }
    };
    if share.is_none() {
        rule.fail(
            node.line,
            format!("“{text}”不是回访的范围；应为 every-case、random 或 1% 至 100%"),
            format!("`{text}` is no share of the cases: every-case, random, or 1% to 100%"),
        );
    }
    share
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
    to.iter().map(Recipient::name).collect::<Vec<_>>().join("+")
}

fn is_numbered(id: &str, base: &str) -> bool {
    id.strip_prefix(base).is_some_and(|rest| rest.is_empty() || rest.starts_with('#'))
}
