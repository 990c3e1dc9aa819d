//! What is remembered, for how long, and what recurs.

use super::Desk;
use super::clocks::span;
use super::counting::choice;
use crate::names::Set;
use crate::node::Node;
use crate::reader::Rule;
use crate::{Confided, Confidence, Duty, DutyDue, FactRef, Held, Keep, Ledger, Length, Records, Statistics, length};
use std::collections::BTreeSet;

const CONFIDED: [(&str, Confided); 3] =
    [("identity", Confided::Identity), ("content", Confided::Content), ("respondent", Confided::Respondent)];
/// The names of periods, by their months.
const PERIODS: [(&str, u32); 4] = [("month", 1), ("quarter", 3), ("half-year", 6), ("year", 12)];
/// A century; beyond it a number is a slip.
const MOST_MONTHS: u32 = 1_200;

impl Desk<'_> {
    pub(super) fn records(&self, node: &Node) -> Option<Records> {
        let parts = ["file", "duties", "ledgers", "statistics", "publicity", "confidential"];
        let part = self.reader.part(node, ("档案规则", "section on records"), &parts)?;
        let duties = part.get("duties").map_or(&[][..], Node::members);
        let mut known = BTreeSet::new();
        let duties: Vec<Duty> = duties.iter().filter_map(|node| self.duty(node, &mut known)).collect();
        let statistics = part.get("statistics").and_then(|node| self.statistics(node));
        let publicity = self.publicity(part.get("publicity"), &duties, statistics.as_ref());
        let fields = ["holds", "complete", "keep", "at-least", "from"];
        let file = self.reader.rule(part.need("file")?, ("归档规则", "rule of the file"), &fields)?;
        let holds = file.get("holds").map_or(&[][..], Node::members);
        let holds = holds.iter().filter_map(|node| self.held(&file, node)).collect();
        let is_complete = file.get("complete").is_some_and(|node| {
            let text = file.scalar(node).unwrap_or_default();
            if text != "close" {
                file.unknown(node.line, ("操作", "command"), text, ["close"].into_iter());
            }
            text == "close"
        });
        let keep = file.need("keep").and_then(|node| keep(&file, node));
        let is_least = file.flag("at-least");
        let from = file.need("from").and_then(|node| self.names.fact(&file, node));
        Some(Records {
            holds,
            is_complete,
            keep: keep?,
            is_least,
            from: from?,
            cite: file.cite,
            duties,
            ledgers: self.ledgers(part.get("ledgers")),
            statistics,
            publicity,
            confidential: self.confidential(part.get("confidential")),
        })
    }

    /// A form, a step or another fact. Steps may name an outcome.
    fn held<'a>(&self, file: &Rule<'a>, node: &'a Node) -> Option<Held> {
        let text = file.scalar(node)?;
        if text.ends_with(')') {
            return self.names.fact(file, node).map(Held::Fact);
        }
        let name = self.names.one(file, Set::Held, node)?;
        let is_form = self.names.of(Set::Form).contains(&name);
        Some(if is_form { Held::Form(name) } else { Held::Fact(FactRef::new(name)) })
    }

    fn statistics(&self, node: &Node) -> Option<Statistics> {
        let rule = self.reader.rule(node, ("统计规则", "rule of statistics"), &["by"])?;
        let by = rule.need("by").map_or_else(Vec::new, |node| self.names.many(&rule, Set::Axis, node));
        Some(Statistics { by, cite: rule.cite })
    }

    fn confidential(&self, section: Option<&Node>) -> Vec<Confidence> {
        let confidence = |node| {
            let rule = self.reader.rule(node, ("保密规则", "rule of confidence"), &["of", "only", "unless"])?;
            let of = rule.need("of").map_or(&[][..], Node::members).iter();
            let of = of.filter_map(|node| choice(&rule, node, &CONFIDED)).collect();
            let only = rule.need("only").map_or_else(Vec::new, |node| self.names.many(&rule, Set::RoleOrHandler, node));
            let unless = rule.get("unless");
            let unless_handling = unless.and_then(Node::text).is_some_and(|text| text.trim() == "handling");
            let unless = unless.filter(|_| !unless_handling).and_then(|node| self.names.fact(&rule, node));
            Some(Confidence { of, only, unless, unless_handling, cite: rule.cite })
        };
        self.list(section).iter().filter_map(confidence).collect()
    }

    fn ledgers(&self, section: Option<&Node>) -> Vec<Ledger> {
        const OF: [&str; 5] = ["complainant", "respondent", "unit", "staff", "problem"];
        let ledger = |id: &str, node| {
            let rule = self.reader.rule(node, ("台账", "ledger"), &["zh", "en", "on", "if", "of"])?;
            let title = rule.title();
            let on = rule.get("on").map_or_else(Vec::new, |node| self.names.facts_in(&rule, node));
            let of = rule.need("of").and_then(|node| {
                let of = rule.scalar(node)?;
                if !OF.contains(&of) {
                    rule.unknown(node.line, ("台账对象", "subject of a ledger"), of, OF.into_iter());
                }
                OF.contains(&of).then(|| of.to_owned())
            });
            let condition = self.condition(&rule);
            Some(Ledger { id: id.to_owned(), title: title?, on, condition, of: of?, cite: rule.cite })
        };
        let entries = section.map_or(&[][..], |node| self.reader.entries(node, ("台账", "ledgers")));
        entries.iter().filter_map(|(key, node)| ledger(&key.name, node)).collect()
    }

    fn duty(&self, node: &Node, known: &mut BTreeSet<String>) -> Option<Duty> {
        let fields = ["do", "zh", "en", "every", "before", "within", "role", "to", "holds"];
        let rule = self.reader.rule(node, ("定期任务", "duty"), &fields)?;
        let (id, title) = (rule.word("do"), rule.title());
        id.into_iter().for_each(|id| rule.once(("定期任务", "duty"), id, !known.insert(id.to_owned())));
        let months = rule.get("every").map_or(Some(1), |node| months(&rule, node));
        let due = match (rule.get("before"), rule.get("within")) {
            (Some(node), None) => day_of_month(&rule, node).map(DutyDue::BeforeDay),
            (None, Some(node)) => span(&rule, node).map(DutyDue::Within),
            (None, None) => Some(DutyDue::PeriodEnd),
            (Some(_), Some(node)) => {
                rule.fail(node.line, "before 与 within 只能写一个", "a duty has `before` or `within`, not both");
                None
            }
        };
        let role = rule.need("role").and_then(|node| self.names.one(&rule, Set::Role, node));
        let to = rule.need("to").and_then(|node| self.names.one(&rule, Set::RoleOrBody, node));
        let holds = rule.get("holds").map_or_else(Vec::new, |node| self.names.many(&rule, Set::Source, node));
        let (id, cite) = (id?.to_owned(), rule.cite);
        Some(Duty { id, title: title?, months: months?, due: due?, role: role?, to: to?, holds, cite })
    }
}

/// `month`, `quarter`, `half-year`, `year`, or a number of months.
fn months<'a>(rule: &Rule<'a>, node: &'a Node) -> Option<u32> {
    let text = rule.scalar(node)?;
    if let Some((_, months)) = PERIODS.iter().find(|(name, _)| *name == text) {
        return Some(*months);
    }
    let (count, unit) = text.split_once(' ').unwrap_or((text, ""));
    let unit = match unit.trim() {
        "month" | "months" => 1,
        "year" | "years" => 12,
        _ => 0,
    };
    let number = count.parse().ok().and_then(|count: u32| count.checked_mul(unit));
    let months = number.filter(|months| (1..=MOST_MONTHS).contains(months));
    if months.is_none() && text.ends_with(" months") {
        rule.fail(
            node.line,
            format!("“{text}”应是 1 至 {MOST_MONTHS} 个 months"),
            format!("`{text}` is not a period of 1 to {MOST_MONTHS} months"),
        );
    } else if months.is_none() {
        rule.unknown(node.line, ("周期", "period"), text, PERIODS.iter().map(|(name, _)| *name).chain(["2 months"]));
    }
    months
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
