//! What belongs together or apart when it comes in, what taking it back does, and who looks after the rules.

use super::Desk;
use super::counting::choice;
use crate::names::Set;
use crate::node::Node;
use crate::reader::{Reader, Rule};
use crate::vocabulary::RELATIONS;
use crate::{Alike, Length, Pending, Rating, Repeat, Split, Upkeep, While, Withdrawal, Withdrawn};

const ALIKE: [(&str, Alike); 3] =
    [("complainant", Alike::Complainant), ("respondent", Alike::Respondent), ("problem", Alike::Problem)];
const WHILE: [(&str, While); 3] = [("open", While::Open), ("answered", While::Answered), ("any", While::Any)];
const THEN: [(&str, Withdrawn); 3] =
    [("end", Withdrawn::Ends), ("decide", Withdrawn::Decided), ("go-on", Withdrawn::GoesOn)];
const PENDING: [(&str, Pending); 2] =
    [("version-of-reception", Pending::VersionOfReception), ("moved-by-decision", Pending::MovedByDecision)];
const CHASE: &str = "chase";
const COMPLAINANT: &str = "complainant";

/// The first and the last day in force, and what becomes of cases under way.
pub(super) fn in_force(
    reader: &Reader,
    section: Option<&Node>,
) -> (Option<chrono::NaiveDate>, Option<chrono::NaiveDate>, Pending) {
    let fields = ["from", "to", "pending", "cite"];
    let part = section.and_then(|node| reader.part(node, ("生效日期", "day in force"), &fields));
    let Some(part) = part else { return (None, None, Pending::default()) };
    part.get("cite").map(|node| part.scalar(node));
    let day = |node| part.parsed(node, ("日期，应如 2020-01-01", "a date such as 2020-01-01"));
    let from: Option<chrono::NaiveDate> = part.need("from").and_then(day);
    let to = part.get("to").and_then(day);
    if let (Some(first), Some(last)) = (from, to)
        && last < first
    {
        part.fail(part.line, "失效日期早于施行日期", "the last day in force is before the first");
    }
    let pending = part.get("pending").and_then(|node| choice(&part, node, &PENDING)).unwrap_or_default();
    (from, to, pending)
}

impl Desk<'_> {
    pub(super) fn splitting(&self, section: Option<&Node>) -> Vec<Split> {
        let split = |node| {
            let rule = self.reader.rule(node, ("分案规则", "rule of splitting"), &["kinds", "regime"])?;
            let kinds = rule.need("kinds").map_or_else(Vec::new, |node| self.names.many(&rule, Set::Kind, node));
            let entries = rule.get("regime").map_or(&[][..], |node| self.reader.entries(node, ("制度", "regimes")));
            let mut regimes = std::collections::BTreeMap::new();
            for (kind, node) in entries {
                if !kinds.contains(&kind.name) {
                    rule.unknown(kind.line, ("事项类型", "kind"), &kind.name, kinds.iter().map(String::as_str));
                }
                regimes.extend(rule.scalar(node).map(|regime| (kind.name.clone(), regime.to_owned())));
            }
            if kinds.len() == 1 {
                rule.fail(rule.line, "分案至少要有两种事项", "what is split is of two kinds at least");
            }
            Some(Split { kinds, regimes, cite: rule.cite })
        };
        self.list(section).iter().filter_map(split).collect()
    }

    pub(super) fn repeats(&self, section: Option<&Node>) -> Vec<Repeat> {
        let repeat = |node| {
            let rule =
                self.reader.rule(node, ("重复与催办", "rule of repetition"), &["is", "same", "while", "within"])?;
            let is = rule.need("is").and_then(|node| self.relation(&rule, node));
            let same = rule.need("same").map_or(&[][..], Node::members);
            let same = same.iter().filter_map(|node| choice(&rule, node, &ALIKE)).collect();
            let during = rule.need("while").and_then(|node| choice(&rule, node, &WHILE));
            let within = within(&rule)?;
            Some(Repeat { is: is?, same, during: during?, within, cite: rule.cite })
        };
        self.list(section).iter().filter_map(repeat).collect()
    }

    fn relation<'a>(&self, rule: &Rule<'a>, node: &'a Node) -> Option<String> {
        let name = rule.scalar(node)?;
        let known = || RELATIONS.iter().copied().chain([CHASE]);
        let is_known = known().any(|one| one == name);
        if !is_known {
            rule.unknown(node.line, ("关联关系", "relation"), name, known());
        }
        is_known.then(|| name.to_owned())
    }

    pub(super) fn withdrawal(&self, section: Option<&Node>) -> Vec<Withdrawal> {
        let withdrawal = |node| {
            let rule = self.reader.rule(node, ("撤回规则", "rule of withdrawal"), &["if", "then"])?;
            let condition = self.condition(&rule);
            let then = rule.need("then").and_then(|node| choice(&rule, node, &THEN))?;
            Some(Withdrawal { condition, then, cite: rule.cite })
        };
        self.list(section).iter().filter_map(withdrawal).collect()
    }

    pub(super) fn rating(&self, section: Option<&Node>) -> Option<Rating> {
        let rule = self.reader.rule(section?, ("评价", "rating"), &["after", "within"])?;
        let after = rule.need("after").map_or_else(Vec::new, |node| self.names.facts_in(&rule, node));
        Some(Rating { after, within: within(&rule)?, cite: rule.cite })
    }

    pub(super) fn upkeep(&self, section: Option<&Node>) -> Option<Upkeep> {
        let fields = ["interprets", "amends", "consults", "approves"];
        let rule = self.reader.rule(section?, ("制度维护", "upkeep"), &fields)?;
        let role = |name: &str| rule.get(name).and_then(|node| self.names.one(&rule, Set::Role, node));
        let consulted = |node: &Node| match node.text().map(str::trim) {
            Some(COMPLAINANT) => Some(COMPLAINANT.to_owned()),
            _ => self.names.one(&rule, Set::Role, node),
        };
        let consults = rule.get("consults").map_or(&[][..], Node::members);
        Some(Upkeep {
            interprets: role("interprets"),
            amends: role("amends"),
            consults: consults.iter().filter_map(consulted).collect(),
            approves: role("approves"),
            cite: rule.cite,
        })
    }
}

/// `within`; `none`, as where it is absent, is no limit. Nothing at all where it is no length.
fn within(rule: &Rule<'_>) -> Option<Option<Length>> {
    match rule.get("within").filter(|node| node.text() != Some("none")) {
        Some(node) => rule.length(node).map(Some),
        None => Some(None),
    }
}
