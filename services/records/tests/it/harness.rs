//! The house in which the tests play.

pub(crate) use test_house::{House, case, pack, problem, staff, text_ref};

/// The pack that the house ships, with ledgers, a file that must be complete and is kept for some days, publicity, and axes
/// of statistics.
pub(crate) fn keeping() -> String {
    let pack = pack();
    let pack = pack.replace(
        "file: {holds: [opinion-form, handling-record], keep: forever,",
        "file: {holds: [case-resolved], complete: close, keep: 10 days, at-least: yes,",
    );
    let pack = pack.replace(
        "records:\n",
        "records:\n  ledgers:\n    chased: {zh: 催问台账, en: Chases, on: complainant-chased, of: staff, cite: 九.1}\n    \
         performance: {zh: 绩效考核台账, en: Performance, of: unit, cite: 九.2}\n    \
         praise: {zh: 表彰台账, en: Praise, of: staff, cite: 九.3}\n  \
         statistics: {by: [kind, unit, finding], cite: 九.5}\n  \
         publicity:\n    - {of: case, norm: only-if-asked, shows: [category, result], needs: complainant-told, \
         never: [{zh: 涉及个人隐私, en: Private matters}], by: general-affairs-head, cite: 九.4}\n",
    );
    let pack = pack
        .replace("\nnotices:\n", "\neffects:\n  - {on: complainant-chased, enter: chased, cite: 九.1}\n\nnotices:\n");
    pack.replace(
        "\nwho:\n",
        "\nwho:\n  - {role: general-affairs-head, may: [publish, withhold, enter(praise)], cite: 九}\n",
    )
}
