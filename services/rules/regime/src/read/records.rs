//! What is remembered, for how long, and what recurs.

use super::Desk;
use crate::names::Set;
use crate::node::Node;
use crate::reader::Rule;
use crate::{Duty, Keep, Length, Records, length};

impl Desk<'_> {
    pub(super) fn records(&self, node: &Node) -> Option<Records> {
        let part = self.reader.part(node, ("档案规则", "section on records"), &["file", "duties"])?;
        let duties = part.get("duties").map_or(&[][..], Node::members);
        let duties = duties.iter().filter_map(|node| self.duty(node)).collect();
        let file =
            self.reader.rule(part.need("file")?, ("归档规则", "rule of the file"), &["holds", "keep", "from"])?;
        let holds = file.get("holds").map_or_else(Vec::new, |node| self.names.many(&file, Set::Form, node));
        let keep = file.need("keep").and_then(|node| keep(&file, node));
        let from = file.need("from").and_then(|node| self.names.fact(&file, node));
        Some(Records { holds, keep: keep?, from: from?, cite: file.cite, duties })
    }

    fn duty(&self, node: &Node) -> Option<Duty> {
        let rule = self.reader.rule(node, ("定期任务", "duty"), &["do", "zh", "en", "before", "role", "to"])?;
        let (id, title) = (rule.word("do"), rule.title());
        let before_day = rule.need("before").and_then(|node| day_of_month(&rule, node));
        let role = rule.need("role").and_then(|node| self.names.one(&rule, Set::Role, node));
        let to = rule.need("to").and_then(|node| self.names.one(&rule, Set::Role, node));
        Some(Duty { id: id?.to_owned(), title: title?, before_day: before_day?, role: role?, to: to?, cite: rule.cite })
    }
}

fn keep<'a>(rule: &Rule<'a>, node: &'a Node) -> Option<Keep> {
    if rule.scalar(node)? == "forever" {
        return Some(Keep::Forever);
    }
    match rule.length(node)? {
        length @ (Length::Days(_) | Length::Months(_) | Length::Years(_)) => Some(Keep::For(length)),
        other => {
            rule.fail(
                node.line,
                format!("保存期限不能是“{other}”；应为 forever、若干 days、months 或 years"),
                format!("a file is kept forever, or for days, months or years, not for `{other}`"),
            );
            None
        }
    }
}

fn day_of_month<'a>(rule: &Rule<'a>, node: &'a Node) -> Option<u32> {
    let text = rule.scalar(node)?;
    let day = length::day_of_month(text);
    if day.is_none() {
        let (zh, en) = (format!("“{text}”应写作 day 30 of month"), format!("`{text}` is written as `day 30 of month`"));
        rule.fail(node.line, zh, en);
    }
    day
}
