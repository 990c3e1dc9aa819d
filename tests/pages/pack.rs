//! A pack in which everything occurs that the pages have a place for: the shipped one of the demo organisation, and more.

/// The first version.
pub(crate) fn pack() -> String {
    let shipped = packs::regime("property-internal-procedure").unwrap().yaml;
    let changes = [
        (
            "keep: forever,",
            "keep: 10 days, at-least: yes,",
        ),
        (
            "to: manager-in-charge, cite: 二.4}\n",
            "to: manager-in-charge, holds: statistics, cite: 二.4}
  ledgers:
    praise: {zh: 表彰台账, en: Praise, of: staff, cite: 九.3}
  statistics: {by: [kind, category], cite: 九.5}
  publicity:
    - {of: case, norm: publish, shows: [category, result], needs: complainant-told, never: [{zh: 涉及个人隐私, en: Private matters}], by: general-affairs-head, cite: 九.4}
    - {of: summary, norm: publish, shows: [category, announcement], by: manager-in-charge, cite: 九.6}
",
        ),
        (
            "records:\n",
            "surveys:
  yearly:
    {zh: 住户满意度调查, en: Survey of the residents, role: general-affairs-head, least: 3, cite: 二.4,
     questions: {
       overall: {type: words, words: {good: {zh: 满意, en: Satisfied}, bad: {zh: 不满意, en: Not satisfied}}, zh: 总体是否满意？, en: Are you satisfied?, cite: 二.4},
       wishes: {type: text, zh: 还有什么建议？, en: What would you wish for?, cite: 二.4}}}

records:
",
        ),
        (
            "notices:\n",
            "notices:\n  - {on: case-accepted, to: complainant, send: receipt, as: document, cite: 二.1}\n",
        ),
        (
            "who:\n",
            "who:\n  - {role: general-affairs-head, may: [publish, withhold, enter(praise), link], cite: 九}\n",
        ),
    ];
    changed(shipped, &changes)
}

/// The same with a step that takes files; whoever carries a case straight on would not know which.
pub(crate) fn with_evidence() -> String {
    let step =
        "steps:\n  evidence-kept: {zh: 留存证据, en: Evidence kept, takes: [text, files], again: yes, cite: 二.1}\n";
    let who = "who:\n  - {role: handler, may: [evidence-kept], cite: 二.1}\n";
    changed(pack(), &[("steps:\n", step), ("who:\n", who)])
}

/// The next version, which gives an important complaint more time.
pub(crate) fn next_version() -> String {
    let more = "take: 5 $day-unit, cite: 三.2}";
    changed(with_evidence(), &[("from: 2020-01-01", "from: 2026-11-16"), ("take: 3 $day-unit, cite: 三.2}", more)])
}

fn changed(pack: String, changes: &[(&str, &str)]) -> String {
    changes.iter().fold(pack, |pack, (from, to)| {
        let found = pack.find(&format!("\n{from}")).map(|at| at + 1).or_else(|| pack.find(from));
        let at = found.unwrap_or_else(|| panic!("the shipped pack does not say {from}"));
        format!("{}{to}{}", &pack[..at], &pack[at + from.len()..])
    })
}
