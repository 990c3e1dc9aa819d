//! What must be true before a step, who approves, who may do what, and advice.

use super::Desk;
use crate::names::Set;
use crate::node::Node;
use crate::{Approval, Guard, Guidance};
use std::collections::BTreeMap;

impl Desk<'_> {
    pub(super) fn guards(&self, section: Option<&Node>) -> Vec<Guard> {
        let guard = |node| {
            let rule = self.reader.rule(node, ("前置条件", "guard"), &["before", "if", "needs", "say"])?;
            let condition = self.condition(&rule);
            let before = rule.need("before").map_or_else(Vec::new, |node| self.names.many(&rule, Set::Command, node));
            let needs = rule.need("needs").map_or(&[][..], Node::members);
            let needs = needs.iter().filter_map(|node| self.names.fact(&rule, node)).collect();
            Some(Guard { before, condition, needs, say: rule.text("say")?, cite: rule.cite })
        };
        self.list(section).iter().filter_map(guard).collect()
    }

    pub(super) fn approvals(&self, section: Option<&Node>) -> Vec<Approval> {
        let approval = |node| {
            let rule = self.reader.rule(node, ("审批规则", "approval"), &["of", "if", "by"])?;
            let condition = self.condition(&rule);
            let of = rule.need("of").and_then(|node| self.names.one(&rule, Set::Approval, node));
            let by = rule.need("by").and_then(|node| self.names.one(&rule, Set::Role, node));
            Some(Approval { of: of?, condition, by: by?, cite: rule.cite })
        };
        self.list(section).iter().filter_map(approval).collect()
    }

    pub(super) fn guidance(&self, section: Option<&Node>) -> Vec<Guidance> {
        let guidance = |node| {
            let rule = self.reader.rule(node, ("办理提示", "guidance"), &["at", "if", "say"])?;
            let condition = self.condition(&rule);
            let at = rule.need("at").and_then(|node| self.names.one(&rule, Set::Command, node));
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
            let may = rule.need("may").map_or_else(Vec::new, |node| self.names.many(&rule, Set::Command, node));
            for command in may {
                let allowed = who.entry(command).or_default();
                let new: Vec<String> = roles.iter().filter(|role| !allowed.contains(role)).cloned().collect();
                allowed.extend(new);
            }
        }
        who
    }
}
