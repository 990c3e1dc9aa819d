//! What the public is shown: of a case, or the figures of a period.

use super::Desk;
use super::counting::choice;
use crate::names::Set;
use crate::node::Node;
use crate::reader::Rule;
use crate::{Duty, Publicity, PublicityOf, Statistics, vocabulary};

const OF: [(&str, PublicityOf); 2] = [("case", PublicityOf::Case), ("summary", PublicityOf::Summary)];
/// Whether it is shown only where somebody asks.
const NORMS: [(&str, bool); 2] = [("publish", false), ("only-if-asked", true)];

impl Desk<'_> {
    pub(super) fn publicity(
        &self,
        section: Option<&Node>,
        duties: &[Duty],
        counted: Option<&Statistics>,
    ) -> Vec<Publicity> {
        let publicity = |node| {
            let fields = ["of", "norm", "shows", "needs", "never", "by"];
            let rule = self.reader.rule(node, ("公示规则", "rule of publicity"), &fields)?;
            let of = rule.need("of").and_then(|node| choice(&rule, node, &OF));
            let norm = rule.need("norm").and_then(|node| choice(&rule, node, &NORMS));
            let shows = rule.need("shows").map_or_else(Vec::new, |node| self.names.many(&rule, Set::Shown, node));
            let needs = rule.get("needs").map_or_else(Vec::new, |node| self.names.facts_in(&rule, node));
            let never = rule.get("never").map_or(&[][..], Node::members);
            let never = never.iter().filter_map(|node| rule.text_of(node)).collect();
            let by = rule.need("by").and_then(|node| self.names.one(&rule, Set::RoleOrHandler, node));
            if of == Some(PublicityOf::Summary) {
                of_figures(&rule, duties, counted);
            }
            Some(Publicity { of: of?, only_if_asked: norm?, shows, needs, never, by: by?, cite: rule.cite })
        };
        self.list(section).iter().filter_map(publicity).collect()
    }
}

/// Figures are published as a duty reported them, by a role: what only a case has is neither asked for nor shown.
fn of_figures(rule: &Rule<'_>, duties: &[Duty], counted: Option<&Statistics>) {
    if !duties.iter().any(|duty| duty.holds.iter().any(|held| held == vocabulary::STATISTICS)) {
        let (zh, en) = (
            "汇总情况由内含统计（holds: statistics）的定期任务得出，本制度没有这样的任务",
            "figures come from a duty that `holds: statistics`, and there is none",
        );
        rule.fail(rule.line, zh, en);
    }
    if let Some(needs) = rule.get("needs") {
        let (zh, en) =
            ("汇总情况不属于任何一件案件，不能要求先有案件的事实", "figures are of no case, so no fact can be needed");
        rule.fail(needs.line, zh, en);
    }
    let axes = || counted.into_iter().flat_map(|counted| &counted.by).map(String::as_str);
    let known: Vec<&str> = [vocabulary::ANNOUNCEMENT].into_iter().chain(axes()).collect();
    for node in rule.get("shows").map_or(&[][..], Node::members) {
        let shown = node.text().map(str::trim).filter(|word| vocabulary::term(vocabulary::SHOWN, word).is_some());
        if let Some(word) = shown.filter(|word| !known.contains(word)) {
            rule.unknown(node.line, ("统计口径", "axis of the statistics"), word, known.iter().copied());
        }
    }
    let by = rule.get("by").and_then(|node| Some((node.line, node.text()?.trim())));
    if let Some((line, word)) = by.filter(|(_, word)| vocabulary::CASE_ROLES.contains(word)) {
        let (zh, en) = (
            format!("汇总情况由岗位公布，“{word}”只在案件中才有"),
            format!("figures are published by a role; `{word}` is one only in a case"),
        );
        rule.fail(line, zh, en);
    }
}

#[cfg(test)]
mod tests {
    use crate::sample::FULL;
    use crate::{PublicityOf, Regime};

    const RULE: &str = "{of: summary, norm: publish, shows: [category, announcement], by: director, cite: 第九条}";

    /// What is said of the example of the guide when `from` in it is `to`.
    fn refused(from: &str, to: &str) -> String {
        assert!(FULL.contains(from), "{from}");
        format!("{:?}", Regime::parse("pack.yaml", &FULL.replace(from, to)).map(|_| ()).unwrap_err())
    }

    #[test]
    fn a_case_and_figures_are_shown_by_a_rule_of_their_own() {
        let regime = Regime::parse("pack.yaml", &FULL).unwrap();
        assert_eq!(regime.publicity(PublicityOf::Case).unwrap().shows, ["category", "result"]);
        assert_eq!(regime.publicity(PublicityOf::Summary).unwrap().shows, ["category", "announcement"]);
    }

    #[test]
    fn what_only_a_case_has_is_no_part_of_figures() {
        let bent = |from: &str, to: &str| refused(RULE, &RULE.replace(from, to));
        assert!(bent("by:", "needs: complainant-told, by:").contains("figures are of no case"));
        assert!(bent("category,", "result,").contains("axis of the statistics"));
        assert!(bent("category,", "unit,").contains("axis of the statistics"), "the regime does not count by it");
        assert!(bent("director", "handler").contains("figures are published by a role"));
    }

    #[test]
    fn where_no_duty_holds_statistics_there_are_no_figures() {
        assert!(refused("holds: [statistics, ", "holds: [").contains("figures come from a duty"));
    }
}
