//! To whom a case goes, who is kept away from it, how it climbs, and where somebody may turn against what was decided.

use super::Desk;
use super::clocks::{during, span};
use super::counting::{choice, choice_of};
use crate::names::Set;
use crate::node::Node;
use crate::reader::Rule;
use crate::{Appeal, Appellant, Instead, Recusal, Recused, Route, RouteTo, Rung};

const WAYS: [(&str, RouteTo); 5] = [
    ("department-complained-of", RouteTo::DepartmentComplainedOf),
    ("branch", RouteTo::Branch),
    ("above", RouteTo::Above),
    ("chosen", RouteTo::Chosen),
    ("competent", RouteTo::Competent),
];
const RECUSED: [(&str, Recused); 6] = [
    ("accused", Recused::Accused),
    ("accused-unit", Recused::AccusedUnit),
    ("above-accused", Recused::AboveAccused),
    ("declared-interest", Recused::DeclaredInterest),
    ("on-request", Recused::OnRequest),
    ("handled-before", Recused::HandledBefore),
];
const APPELLANTS: [(&str, Appellant); 3] =
    [("complainant", Appellant::Complainant), ("respondent", Appellant::Respondent), ("handler", Appellant::Handler)];
const NEEDS: [(&str, &str); 2] = [("reasons", "reasons"), ("request", "request")];

impl Desk<'_> {
    pub(super) fn routing(&self, section: Option<&Node>) -> Vec<Route> {
        let route = |node| {
            let rule = self.reader.rule(node, ("转办规则", "route"), &["if", "during", "to", "role", "on-duty"])?;
            let (condition, during, on_duty) = (self.condition(&rule), during(&rule), rule.flag("on-duty"));
            let to = rule.need("to").and_then(|node| choice_of(&rule, node, ("去向", "destination"), &WAYS));
            let role = rule.need("role").and_then(|node| self.names.one(&rule, Set::Role, node));
            Some(Route { condition, during: during?, to: to?, role: role?, on_duty, cite: rule.cite })
        };
        self.list(section).iter().filter_map(route).collect()
    }

    pub(super) fn recusal(&self, section: Option<&Node>) -> Vec<Recusal> {
        let recusal = |node| {
            let rule = self.reader.rule(node, ("回避规则", "recusal"), &["if", "who", "then", "ruled-by"])?;
            let condition = self.condition(&rule);
            let who = rule.need("who").map_or(&[][..], Node::members);
            let who: Vec<Recused> = who
                .iter()
                .filter_map(|node| choice_of(&rule, node, ("回避人员", "person to recuse"), &RECUSED))
                .collect();
            let then = rule.get("then").map_or(Some(Instead::Replace), |node| self.instead(&rule, node));
            let ruled_by = rule.get("ruled-by").and_then(|node| self.names.one(&rule, Set::Role, node));
            if who.contains(&Recused::OnRequest) && rule.get("ruled-by").is_none() {
                rule.fail(
                    rule.line,
                    "申请回避的，须写明由谁决定(ruled-by)",
                    "a request needs somebody who rules on it (ruled-by)",
                );
            }
            Some(Recusal { who, condition, then: then?, ruled_by, cite: rule.cite })
        };
        self.list(section).iter().filter_map(recusal).collect()
    }

    fn instead<'a>(&self, rule: &Rule<'a>, node: &'a Node) -> Option<Instead> {
        match rule.scalar(node)? {
            "replace" => Some(Instead::Replace),
            "rise" => Some(Instead::Rise),
            role if self.names.of(Set::Role).iter().any(|known| known == role) => Some(Instead::Role(role.to_owned())),
            other => {
                let roles = self.names.of(Set::Role).iter().map(String::as_str);
                rule.unknown(node.line, ("角色", "role"), other, ["replace", "rise"].into_iter().chain(roles));
                None
            }
        }
    }

    pub(super) fn ladder(&self, section: Option<&Node>) -> Vec<Rung> {
        let rung = |node| {
            let rule = self.reader.rule(node, ("升级层级", "rung"), &["role", "zh", "en"])?;
            let roles = rule.need("role").map(|node| self.names.many(&rule, Set::Role, node))?;
            let title = match (rule.get("zh"), rule.get("en")) {
                (None, None) => None,
                (Some(_), Some(_)) => rule.title(),
                _ => {
                    rule.fail(rule.line, "名称须有中文和英文", "a title stands in both languages");
                    None
                }
            };
            Some(Rung { roles, title, cite: rule.cite })
        };
        self.list(section).iter().filter_map(rung).collect()
    }

    pub(super) fn appeals(&self, section: Option<&Node>) -> Vec<Appeal> {
        let mut appeals: Vec<Appeal> = Vec::new();
        for node in self.list(section) {
            let Some(appeal) = self.appeal(node, &appeals) else { continue };
            appeals.push(appeal);
        }
        appeals
    }

    fn appeal(&self, node: &Node, before: &[Appeal]) -> Option<Appeal> {
        let fields = [
            "tier",
            "zh",
            "en",
            "who",
            "after",
            "within",
            "to",
            "role",
            "form",
            "needs",
            "other-handler",
            "reopen",
            "outcomes",
            "final",
        ];
        let rule = self.reader.rule(node, ("申诉规则", "appeal"), &fields)?;
        let (tier, title) = (rule.word("tier"), rule.title());
        let who = rule.need("who").map_or(&[][..], Node::members);
        let who: Vec<Appellant> = who.iter().filter_map(|node| choice(&rule, node, &APPELLANTS)).collect();
        let after = rule.need("after").map_or_else(Vec::new, |node| self.names.facts_in(&rule, node));
        // A limit that a parameter may choose not to set is written `none`.
        let within = rule.get("within").filter(|node| node.text().map(str::trim) != Some("none"));
        let within = within.and_then(|node| span(&rule, node));
        let to = rule.need("to").and_then(|node| choice_of(&rule, node, ("去向", "destination"), &WAYS));
        let role = rule.need("role").and_then(|node| self.names.one(&rule, Set::Role, node));
        let form = rule.get("form").and_then(|node| self.names.one(&rule, Set::Form, node));
        let needs = rule.get("needs").map_or(&[][..], Node::members);
        let needs = needs.iter().filter_map(|node| choice(&rule, node, &NEEDS)).map(str::to_owned).collect();
        let reopen = rule.get("reopen").and_then(|node| self.names.one(&rule, Set::Stage, node));
        let outcomes = rule.need("outcomes").map_or_else(Vec::new, |_| self.endings(&rule, "outcomes"));
        let (other_handler, is_final) = (rule.flag("other-handler"), rule.flag("final"));
        let tier = tier?.to_owned();
        rule.once(("层级", "tier"), &tier, before.iter().any(|one| one.tier == tier));
        Some(Appeal {
            tier,
            title: title?,
            who,
            after,
            within,
            to: to?,
            role: role?,
            form,
            needs,
            other_handler,
            reopen,
            outcomes,
            is_final,
            cite: rule.cite,
        })
    }
}
