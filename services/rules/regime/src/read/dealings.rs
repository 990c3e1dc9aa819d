//! What people of the house demand of each other within a case: orders and teams.

use super::Desk;
use super::clocks::during;
use super::instruments::number;
use crate::names::Set;
use crate::node::Node;
use crate::reader::Rule;
use crate::vocabulary::CASE_ROLES;
use crate::{Addressee, Condition, Order, OrderTo, Team};

/// A number beyond it is a slip.
const MOST: u32 = 100;

impl Desk<'_> {
    pub(super) fn orders(&self, section: Option<&Node>) -> Vec<Order> {
        let entries = section.map_or(&[][..], |node| self.reader.entries(node, ("指令", "orders")));
        let order = |id: &str, node| {
            let rule = self.reader.rule(
                node,
                ("指令", "order"),
                &["zh", "en", "to", "answer", "grounds", "due", "on-duty"],
            )?;
            let (title, answer) = (rule.title(), rule.text("answer"));
            let to = rule.need("to").map_or_else(Vec::new, |node| self.addressees(&rule, node));
            let is_dated = match rule.get("due").map(|node| (node, node.text())) {
                None => false,
                Some((_, Some("set"))) => true,
                Some((node, _)) => {
                    let en = "the last day of an order is `due: set`: it is named with the order";
                    rule.fail(node.line, "指令的期限写作 due: set，在下达时确定", en);
                    false
                }
            };
            let (grounds, on_duty) = (self.endings(&rule, "grounds"), rule.flag("on-duty"));
            if on_duty && !to.iter().any(|row| row.to.is_by_role()) {
                rule.fail(
                    rule.line,
                    "on-duty 用于下达给岗位的指令；此处不下达给岗位",
                    "`on-duty` is of an order to a role; this one goes to none",
                );
            }
            let (id, title, answer) = (id.to_owned(), title?, answer?);
            Some(Order { id, title, to, answer, grounds, is_dated, on_duty, cite: rule.cite })
        };
        entries.iter().filter_map(|(key, node)| order(&key.name, node)).collect()
    }

    /// `to` is one addressee, or a list of rows of which the first that holds counts.
    fn addressees(&self, order: &Rule<'_>, node: &Node) -> Vec<Addressee> {
        if node.text().is_some() {
            let to = self.addressee(order, node);
            let (condition, cite) = (Condition::always(), order.cite.clone());
            let plain = |to| Addressee { condition: condition.clone(), during: Vec::new(), to, cite: cite.clone() };
            return to.into_iter().map(plain).collect();
        }
        let row = |node| {
            let mut part = self.reader.part(node, ("指令对象", "addressee"), &["if", "during", "role", "cite"])?;
            if part.cite.is_empty() {
                order.cite.clone_into(&mut part.cite);
            }
            part.get("cite").map(|node| part.scalar(node));
            let to = part.need("role").and_then(|node| self.addressee(&part, node))?;
            Some(Addressee { condition: self.condition(&part), during: during(&part)?, to, cite: part.cite })
        };
        node.members().iter().filter_map(row).collect()
    }

    fn addressee<'a>(&self, rule: &Rule<'a>, node: &'a Node) -> Option<OrderTo> {
        let name = rule.scalar(node)?;
        Some(match name {
            "unit" => OrderTo::Unit,
            "above" => OrderTo::Above,
            "competent" => OrderTo::Competent,
            role if CASE_ROLES.contains(&role) || self.names.of(Set::Role).iter().any(|known| known == role) => {
                OrderTo::Role(role.to_owned())
            }
            body if self.names.of(Set::Body).iter().any(|known| known == body) => OrderTo::Body(body.to_owned()),
            other => {
                let known = self.names.of(Set::Role).iter().chain(self.names.of(Set::Body)).map(String::as_str);
                rule.unknown(
                    node.line,
                    ("角色或外部单位", "role or body"),
                    other,
                    known.chain(["unit", "above", "competent", "handler"]),
                );
                return None;
            }
        })
    }

    pub(super) fn teams(&self, section: Option<&Node>) -> Vec<Team> {
        let entries = section.map_or(&[][..], |node| self.reader.entries(node, ("工作组", "teams")));
        let team = |id: &str, node| {
            let fields = ["zh", "en", "least", "of", "lead", "departments"];
            let rule = self.reader.rule(node, ("工作组", "team"), &fields)?;
            let title = rule.title();
            let count = |name| rule.get(name).map_or(Some(1), |node| number(&rule, node, MOST));
            let (least, departments) = (count("least"), count("departments"));
            let of = rule.get("of").map_or_else(Vec::new, |node| self.names.many(&rule, Set::Role, node));
            let lead = rule.get("lead").and_then(|node| self.names.one(&rule, Set::Role, node));
            let (id, title) = (id.to_owned(), title?);
            Some(Team { id, title, least: least?, of, lead, departments: departments?, cite: rule.cite })
        };
        entries.iter().filter_map(|(key, node)| team(&key.name, node)).collect()
    }
}
