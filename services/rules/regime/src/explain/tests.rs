//! The document says every rule with its clause, in plain words of either language.

use super::explain;
use crate::Regime;
use crate::node::Node;
use crate::sample::{FULL, PACK};
use std::collections::BTreeSet;

/// Every clause that the rules of a pack cite; what only grants permissions is told role by role.
fn clauses(node: &Node, clauses: &mut BTreeSet<String>) {
    for (key, node) in node.pairs().iter().filter(|(key, _)| key.name != "who" && key.name != "words") {
        match node.text() {
            Some(text) if key.name == "cite" => drop(clauses.insert(text.to_owned())),
            _ => clauses_of(node, clauses),
        }
    }
}

fn clauses_of(node: &Node, all: &mut BTreeSet<String>) {
    clauses(node, all);
    if node.pairs().is_empty() {
        node.members().iter().filter(|member| !member.pairs().is_empty()).for_each(|member| clauses(member, all));
    }
}

#[test]
fn every_clause_and_no_code_stands_in_the_document() {
    for yaml in [PACK, FULL.as_str()] {
        let regime = Regime::parse("pack.yaml", yaml).unwrap();
        let mut cited = BTreeSet::new();
        clauses(&Node::parse(yaml, 0).unwrap(), &mut cited);
        assert!(cited.len() > 5);
        for is_zh in [true, false] {
            let document = explain(&regime, is_zh);
            for clause in &cited {
                assert!(document.contains(clause.as_str()), "{clause}\n{document}");
            }
            for code in ["case.", "case-", "`", "clock-", "working-days", "&&", "“”", "\"\"", "order(", "set-date("]
            {
                assert!(!document.contains(code), "{code}\n{document}");
            }
            assert!(regime.clocks.iter().all(|clock| {
                document.contains(if is_zh { clock.title.zh.as_str() } else { clock.title.en.as_str() })
            }));
        }
    }
}

#[test]
fn rules_are_told_as_a_person_says_them() {
    let regime = Regime::parse("pack.yaml", PACK).unwrap();
    let (zh, en) = (explain(&regime, true), explain(&regime, false));
    for line in [
        "- “造成多大经济损失？”为“重大”，或“有人受伤？”答“是”的，定为重大投诉（一.1(2)）",
        "- 其余定为轻微投诉（一.3）",
        "- 有效投诉一个月解决期限超期且投诉有效的，自动改定为重大投诉（一.1(3)）",
        "- 等级为“轻微投诉”的，2 日；投诉人提出日期的，以该日期为准（三.1）",
        "- 超期时上报被投诉部门主管",
        "- “意见表交住户服务中心”时，住户服务中心接待员须以电话或上门将处理结果告知住户（二.3）",
    ] {
        assert!(zh.contains(line), "{line}\n{zh}");
    }
    for line in [
        "- If \"Is a promised or contracted service not delivered?\" is answered yes and \"How many times has this been raised?\" is at least 2: Major (一.1(1))",
        "- 1 day after that: up to the Manager in charge",
        "- May be overrun on approval; the text sets no maximum (三.1-2)",
        "- The file is kept forever from \"Closed\", holding Resident complaint opinion form, Complaint handling record (二.4)",
    ] {
        assert!(en.contains(line), "{line}\n{en}");
    }
}
