//! What must be true before a step, who approves, who may do what, and advice.

use super::Desk;
use crate::names::Set;
use crate::node::Node;
use crate::reader::Rule;
use crate::vocabulary::APPROVALS;
use crate::{Approval, Guard, Guidance};
use std::collections::BTreeMap;

/// Of these one sign-off is asked for.
const TIME: [&str; 3] = ["overrun", "extension", "suspension"];

impl Desk<'_> {
    pub(super) fn guards(&self, section: Option<&Node>) -> Vec<Guard> {
        let guard = |node| {
            let rule = self.reader.rule(node, ("前置条件", "guard"), &["before", "if", "needs", "say"])?;
            let condition = self.condition(&rule);
            let before = rule.need("before").map_or_else(Vec::new, |node| self.names.acts(&rule, node));
            let needs = rule.get("needs").map_or_else(Vec::new, |node| self.names.facts_in(&rule, node));
            if rule.get("needs").or(rule.get("if")).is_none() {
                rule.fail(
                    rule.line,
                    "前置条件须写明需要什么(needs)或在什么情形下不得办理(if)",
                    "a guard has what must have happened (needs) or when it forbids (if)",
                );
            }
            Some(Guard { before, condition, needs, say: rule.text("say")?, cite: rule.cite })
        };
        self.list(section).iter().filter_map(guard).collect()
    }

    pub(super) fn approvals(&self, section: Option<&Node>, clocks: &[String]) -> Vec<Approval> {
        let approval = |node| {
            let rule = self.reader.rule(node, ("审批规则", "approval"), &["of", "if", "by"])?;
            let condition = self.condition(&rule);
            let of = rule.need("of").and_then(|node| self.approvable(&rule, node, clocks));
            let by = rule.need("by").map_or_else(Vec::new, |node| self.names.many(&rule, Set::Role, node));
            let is_time = of.as_deref().is_some_and(|of| TIME.contains(&of.split('(').next().unwrap_or(of)));
            if is_time && by.len() > 1 {
                let en = "more time on a clock, or standing still, is approved by one role; name one in `by`";
                rule.fail(rule.line, "延期、超期和挂账由一个角色批准，by 只能写一个", en);
            }
            Some(Approval { of: of?, condition, by, cite: rule.cite })
        };
        self.list(section).iter().filter_map(approval).collect()
    }

    /// What may want an approval: an act, a step, or more time on a clock.
    fn approvable<'a>(&self, rule: &Rule<'a>, node: &'a Node, clocks: &[String]) -> Option<String> {
        let text = rule.scalar(node)?;
        let (word, clock) = text.strip_suffix(')').and_then(|text| text.split_once('(')).unwrap_or((text, ""));
        if APPROVALS.contains(&word) {
            let is_known = clock.is_empty() || word != "decision" && clocks.iter().any(|known| known == clock);
            if !is_known {
                rule.unknown(node.line, ("时限", "clock"), clock, clocks.iter().map(String::as_str));
            }
            return is_known.then(|| text.to_owned());
        }
        let acts = self.names.of(Set::Command).iter().map(String::as_str).chain(APPROVALS.iter().copied());
        if acts.clone().any(|act| act == text) {
            return Some(text.to_owned());
        }
        if !clock.is_empty() {
            return self.names.act(rule, node);
        }
        rule.unknown(node.line, ("审批事项", "matter of approval"), text, acts);
        None
    }

    pub(super) fn guidance(&self, section: Option<&Node>) -> Vec<Guidance> {
        let guidance = |node| {
            let rule = self.reader.rule(node, ("办理提示", "guidance"), &["at", "if", "say"])?;
            let condition = self.condition(&rule);
            let at = rule.need("at").and_then(|node| self.names.act(&rule, node));
            let say = rule.text("say");
            Some(Guidance { at: at?, condition, say: say?, cite: rule.cite })
        };
        self.list(section).iter().filter_map(guidance).collect()
    }

    /// `role` may do each of `may`; what several rules allow, all of their roles may do.
    pub(super) fn who(&self, section: Option<&Node>) -> BTreeMap<String, Vec<String>> {
        let mut who: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for node in self.list(section) {
            let Some(rule) = self.reader.rule(node, ("权限规则", "permission"), &["role", "may"]) else { continue };
            let roles =
                rule.need("role").map_or_else(Vec::new, |node| self.names.many(&rule, Set::RoleOrHandler, node));
            let may = rule.need("may").map_or_else(Vec::new, |node| self.names.acts(&rule, node));
            for command in may {
                let allowed = who.entry(command).or_default();
                let new: Vec<String> = roles.iter().filter(|role| !allowed.contains(role)).cloned().collect();
                allowed.extend(new);
            }
        }
        who
    }
}
