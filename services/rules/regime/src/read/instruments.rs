//! More time, suspension, and what misses and breaches bring about.

use super::Desk;
use super::clocks::{cap, span};
use super::counting::choice;
use super::course::EFFECTS;
use crate::names::Set;
use crate::node::{Data, Node};
use crate::reader::Rule;
use crate::{Approval, Breach, Counts, Effect, Extend, ExtendBy, Length, MissStep, Suspend, Term};

const COUNTS: [(&str, Counts); 2] = [("from-end", Counts::FromEnd), ("from-start", Counts::FromStart)];
/// A number beyond it is a slip.
const MOST_TIMES: u32 = 100;

impl Desk<'_> {
    /// `extend` is one tier, or a list of them in their order.
    pub(super) fn extends(&self, rule: &Rule<'_>, clock: &str, within: &[Term], approvals: &[Approval]) -> Vec<Extend> {
        let tiers = rule.get("extend").map_or(&[][..], Node::members);
        tiers.iter().filter_map(|node| self.extend(node, clock, within, approvals)).collect()
    }

    fn extend(&self, node: &Node, clock: &str, within: &[Term], approvals: &[Approval]) -> Option<Extend> {
        let fields = ["if", "ground", "by", "cap", "times", "counts", "approve", "on-notice"];
        let rule = self.reader.rule(node, ("延期规则", "tier of more time"), &fields)?;
        let condition = self.condition(&rule);
        let ground = rule.get("ground").and_then(|node| rule.text_of(node));
        let counts = rule.get("counts").map_or(Some(Counts::default()), |node| choice(&rule, node, &COUNTS));
        let times = times(&rule, Some(1));
        let on_notice = rule.flag("on-notice");
        let approve = if on_notice { unapproved(&rule) } else { self.approve(&rule, "extension", clock, approvals) };
        let by = rule.need("by")?;
        let by = if by.text() == Some("date") {
            ExtendBy::Date { cap: cap(&rule) }
        } else {
            if let Some(node) = rule.get("cap") {
                rule.fail(
                    node.line,
                    "cap 只用于 by: date；整段延期的长短由 by 写明",
                    "`cap` is for `by: date`; more time given whole is as long as `by` says",
                );
            }
            ExtendBy::Whole(span(&rule, by)?)
        };
        if counts == Some(Counts::FromStart) && !adds_up(by, within) {
            rule.fail(
                rule.line,
                "自起算日合并计算的，延长的时长须与期限同一单位",
                "what is counted from the start as one has the unit of the term that it lengthens",
            );
        }
        let (times, counts, approve) = (times?, counts?, approve?);
        Some(Extend { condition, ground, by, times, counts, approve, on_notice, cite: rule.cite })
    }

    pub(super) fn suspend(&self, node: &Node, clock: &str, approvals: &[Approval]) -> Option<Suspend> {
        let rule =
            self.reader.rule(node, ("挂账规则", "rule of suspension"), &["if", "ground", "cap", "times", "approve"])?;
        let condition = self.condition(&rule);
        let ground = rule.get("ground").and_then(|node| rule.text_of(node));
        let cap = cap(&rule);
        let times = times(&rule, None);
        let approve = self.approve(&rule, "suspension", clock, approvals);
        Some(Suspend { condition, ground, cap, times: times?, approve: approve?, cite: rule.cite })
    }

    /// Who grants it: the role that the rule names, or, where it names none, somebody by `approvals`. The outer none is a
    /// mistake.
    #[expect(clippy::option_option, reason = "a mistake is not the same as leaving it to the approvals")]
    fn approve(&self, rule: &Rule<'_>, of: &str, clock: &str, approvals: &[Approval]) -> Option<Option<String>> {
        let of_clock = format!("{of}({clock})");
        match rule.get("approve") {
            Some(node) => self.names.one(rule, Set::Role, node).map(Some),
            None if approvals.iter().any(|approval| approval.of == of || approval.of == of_clock) => Some(None),
            None => {
                rule.fail(
                    rule.line,
                    format!("没有写明由谁批准：请写 approve，或在 approvals 中写 of: {of}"),
                    format!("nobody could grant it: name a role in `approve`, or in `approvals` of `{of}`"),
                );
                None
            }
        }
    }

    pub(super) fn miss(&self, clock: &Rule<'_>, node: &Node, rungs: usize) -> Option<MissStep> {
        let fields = [&["after", "regime", "send", "points", "against", "enter", "cite"][..], &EFFECTS].concat();
        let mut part = self.reader.part(node, ("超期处理", "step of a miss"), &fields)?;
        part.get("cite").map(|node| part.scalar(node));
        if part.cite.is_empty() {
            clock.cite.clone_into(&mut part.cite);
        }
        let after = part.get("after").and_then(|node| span(&part, node));
        let (climb, effects) = apart(self.brought(&part, rungs)?);
        Some(MissStep { after, climb, effects, cite: part.cite })
    }

    pub(super) fn breaches(&self, section: Option<&Node>, rungs: usize) -> Vec<Breach> {
        let Some(Data::Map(entries)) = section.map(|node| &node.data) else { return Vec::new() };
        let breach = |name: &str, node| {
            let more = ["zh", "en", "on", "if", "once", "regime", "send", "points", "against", "enter"];
            let fields = [&more[..], &EFFECTS].concat();
            let rule = self.reader.rule(node, ("失职情形", "breach"), &fields)?;
            let (title, condition) = (rule.title(), self.condition(&rule));
            let on = rule.need("on").map_or_else(Vec::new, |node| self.names.facts_in(&rule, node));
            let (climb, effects) = apart(self.brought(&rule, rungs)?);
            let (name, title, is_once) = (name.to_owned(), title?, rule.flag("once"));
            Some(Breach { name, title, on, condition, is_once, climb, effects, cite: rule.cite })
        };
        entries.iter().filter_map(|(key, node)| breach(&key.name, node)).collect()
    }
}

/// A tier that is granted as soon as it is asked for names nobody who approves. The outer none is a mistake.
#[expect(clippy::option_option, reason = "a mistake is not the same as nobody")]
fn unapproved(rule: &Rule<'_>) -> Option<Option<String>> {
    let Some(node) = rule.get("approve") else { return Some(None) };
    let en = "more time that is granted `on-notice` has nobody who approves it";
    rule.fail(node.line, "告知即延期(on-notice)的，不写批准人(approve)", en);
    None
}

/// The rung to climb to, and the rest.
fn apart(effects: Vec<Effect>) -> (u32, Vec<Effect>) {
    let climb = effects.iter().find_map(|effect| match effect {
        Effect::Climb(rung) => Some(*rung),
        _ => None,
    });
    let rest = effects.into_iter().filter(|effect| !matches!(effect, Effect::Climb(_))).collect();
    (climb.unwrap_or(0), rest)
}

pub(super) fn climb<'a>(rule: &Rule<'a>, node: &'a Node, rungs: usize) -> Option<u32> {
    let climb: u32 = rule.parsed(node, ("层数", "a number of rungs"))?;
    if climb == 0 || usize::try_from(climb).is_ok_and(|climb| climb > rungs) {
        rule.fail(
            node.line,
            format!("升级层级共 {rungs} 层,没有第 {climb} 层"),
            format!("rung {climb} is not on the ladder, which has {rungs} rungs"),
        );
    }
    Some(climb)
}

/// How often: a number, or `unlimited`. The outer none is a mistake.
#[expect(clippy::option_option, reason = "a mistake is not the same as no limit")]
fn times(rule: &Rule<'_>, absent: Option<u32>) -> Option<Option<u32>> {
    match rule.get("times") {
        None => Some(absent),
        Some(node) if matches!(node.text(), Some("unlimited" | "none")) => Some(None),
        Some(node) => number(rule, node, MOST_TIMES).map(Some),
    }
}

pub(super) fn number<'a>(rule: &Rule<'a>, node: &'a Node, most: u32) -> Option<u32> {
    let text = rule.scalar(node)?;
    let number = text.parse().ok().filter(|n| (1..=most).contains(n));
    if number.is_none() {
        rule.fail(
            node.line,
            format!("“{text}”应是 1 至 {most} 的整数"),
            format!("`{text}` is no number from 1 to {most}"),
        );
    }
    number
}

/// Whether every length that may govern has the unit of what lengthens it.
fn adds_up(by: ExtendBy, within: &[Term]) -> bool {
    let ExtendBy::Whole(by) = by else { return false };
    within.iter().flat_map(|term| &term.take).all(|taken: &Length| taken.plus(by).is_some())
}
