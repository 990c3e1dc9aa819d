//! Where the first rule that speaks counts: rules that those before them never let speak, and terms that their clock's
//! own condition excludes.

use super::Whole;
use crate::node::{Line, Node};
use crate::{Clock, Condition, Grade, Gravity};
use std::collections::BTreeMap;

/// A rule of a list in which the first that speaks counts.
struct Row<'a> {
    condition: &'a Condition,
    line: Line,
    cite: &'a str,
}

impl Whole<'_> {
    pub(super) fn order(&self) {
        let nodes = |section: &str| self.at(&[section]).members();
        let grading = self.regime.grading.iter().zip(nodes("grading"));
        self.shadowed(
            &grading
                .filter_map(|(rule, node)| match &rule.rule {
                    Grade::If(condition) => Some(Row { condition, line: node.line, cite: &rule.cite }),
                    // What follows `otherwise` is an error of its own; what re-grades waits for its fact.
                    Grade::Otherwise | Grade::On(..) => None,
                })
                .collect::<Vec<_>>(),
        );
        let routing = self.regime.routing.iter().zip(nodes("routing"));
        // One for certain hours leaves the others to those behind it.
        let routing = routing.filter(|(route, _)| route.during.is_empty());
        self.shadowed(&routing.map(|(route, node)| row(&route.condition, node, &route.cite)).collect::<Vec<_>>());
        let mut approvals: BTreeMap<&str, Vec<Row<'_>>> = BTreeMap::new();
        for (approval, node) in self.regime.approvals.iter().zip(nodes("approvals")) {
            approvals.entry(&approval.of).or_default().push(row(&approval.condition, node, &approval.cite));
        }
        approvals.values().for_each(|rows| self.shadowed(rows));
        self.regime.clocks.iter().for_each(|clock| self.terms(clock));
    }

    fn terms(&self, clock: &Clock) {
        let nodes = self.at(&["clocks", &clock.name, "within"]).members();
        let terms = || clock.within.iter().zip(nodes);
        for (term, node) in terms() {
            if !clock.condition.is_always()
                && !term.condition.is_always()
                && self.variables.possible(&[&clock.condition, &term.condition], &[]) == Some(false)
            {
                let (ours, clocks) = (term.condition.text(), clock.condition.text());
                self.reader.fail(
                    node.line,
                    &term.cite,
                    format!("期限的条件“{ours}”与时限的条件“{clocks}”不可能同时成立"),
                    format!("the condition `{ours}` of this term and `{clocks}` of its clock can never hold together"),
                );
            }
        }
        // A term for certain hours leaves the others to those behind it, and one without a length leaves all.
        let rows = terms().filter(|(term, _)| term.during.is_empty() && !term.is_absent());
        self.shadowed(&rows.map(|(term, node)| row(&term.condition, node, &term.cite)).collect::<Vec<_>>());
    }

    fn shadowed(&self, rows: &[Row<'_>]) {
        for (at, row) in rows.iter().enumerate().skip(1) {
            let before: Vec<&Condition> = rows.iter().take(at).map(|row| row.condition).collect();
            if self.variables.possible(&[row.condition], &before) == Some(false) {
                self.reader.note(
                    Gravity::Warning,
                    row.line,
                    row.cite,
                    "这条规则永远不会被用到：前面的规则总是先成立",
                    "this rule is never used: in every case one before it holds first",
                );
            }
        }
    }
}

fn row<'a>(condition: &'a Condition, node: &Node, cite: &'a str) -> Row<'a> {
    Row { condition, line: node.line, cite }
}
