//! A small regime and a small organisation that the tests share.

use contracts::{
    Fact,
    assignment::{RoleGrant, StaffChanged, UnitChanged},
    common::Text,
    deadline_watcher::CalendarPublished,
    triage::RegimePublished,
};
use kit_ids::StaffId;
use uuid::Uuid;

pub(crate) const PACK: &str = r#"
regime: front-desk
title: {zh: 前台投诉, en: Front desk complaints}
source: tests
in-force: {from: 2020-01-01}
calendar: cn
words:
  kinds:
    complaint: {zh: 投诉, en: Complaint, cite: 一}
    suggestion: {zh: 建议, en: Suggestion, cite: 一}
  roles:
    receptionist: {zh: 接待员, en: Receptionist, cite: 二}
    head: {zh: 部门负责人, en: Head of department, cite: 二}
    manager: {zh: 主管经理, en: Manager in charge, cite: 二}
  facts:
    injury: {type: flag, zh: 是否有人受伤, en: Was anybody hurt, default: no, asked: [hand-in], cite: 三}
    times_raised: {type: number, zh: 反映过几次, en: Times raised, default: 1, asked: [hand-in, triage], cite: 三}
    loss:
      type: word
      zh: 损失
      en: Loss
      words: {none: {zh: 无, en: None, cite: 三}, heavy: {zh: 重大, en: Heavy, cite: 三}}
      default: none
      asked: [triage]
      cite: 三
numbering: "TS-{unit}-{yyyy}-{n:5}"
channels:
  - {channel: [web, email], open: yes, requires: [contact, subject, narrative], cite: 二}
  - {channel: box, open: yes, identity: anonymous, requires: [contact, narrative], cite: 二}
  - {channel: [phone, walk-in, letter], recorded-by: receptionist, requires: [subject, narrative, about-unit], cite: 二}
records:
  file: {keep: forever, from: case-closed, cite: 四}
guidance:
  - {at: record, cite: 二, say: {zh: 立即登记, en: Register at once}}
  - {at: record, if: "case.channel == 'phone'", cite: 二, say: {zh: 记下号码, en: Take down the number}}
who:
  - {role: receptionist, may: [record, withdraw, triage], cite: 二}
  - {role: head, may: [note, resolve], cite: 二}
  - {role: manager, may: [reveal-identity], cite: 二}
"#;

pub(crate) fn staff_id(n: u128) -> String {
    StaffId::new(Uuid::from_u128(n)).to_string()
}

/// Receptionist of b03.
pub(crate) fn receptionist() -> String {
    staff_id(1)
}

/// Head of the engineering department of b03.
pub(crate) fn head() -> String {
    staff_id(2)
}

/// Manager in charge, over all branches.
pub(crate) fn manager() -> String {
    staff_id(3)
}

/// Receptionist of another branch.
pub(crate) fn stranger() -> String {
    staff_id(4)
}

fn unit(id: &str, parent: &str, kind: &str, name: (&str, &str)) -> Fact {
    Fact::UnitChanged(UnitChanged {
        unit_id: id.to_owned(),
        parent_id: parent.to_owned(),
        kind: kind.to_owned(),
        name: Some(Text { zh: name.0.to_owned(), en: name.1.to_owned() }),
        zone: if parent.is_empty() { "Asia/Shanghai".to_owned() } else { String::new() },
        is_closed: id == "b99",
        ..UnitChanged::default()
    })
}

fn staff(id: String, role: &str, unit: &str) -> Fact {
    Fact::StaffChanged(StaffChanged {
        login: id.clone(),
        name: "工作人员".to_owned(),
        email: "staff@example.cn".to_owned(),
        grants: vec![RoleGrant { role: role.to_owned(), unit_id: unit.to_owned() }],
        is_active: true,
        staff_id: id,
        ..Default::default()
    })
}

pub(crate) fn published(version: u32, unit: &str, from: &str) -> RegimePublished {
    RegimePublished {
        regime_id: "front-desk".to_owned(),
        version,
        pack: PACK.to_owned(),
        sha256: Vec::new(),
        unit_id: unit.to_owned(),
        in_force_from: from.to_owned(),
        ..RegimePublished::default()
    }
}

/// The bureau's regime, for kinds of its own.
pub(crate) fn bureau() -> Fact {
    let pack = include_str!("bureau.yaml").to_owned();
    Fact::RegimePublished(RegimePublished { regime_id: "bureau".to_owned(), pack, ..published(1, "r1", "2020-01-01") })
}

/// The same with other texts in some places.
pub(crate) fn bureau_with(places: &[(&str, &str)]) -> Fact {
    let pack = places.iter().fold(include_str!("bureau.yaml").to_owned(), |pack, (from, to)| {
        assert!(pack.contains(from), "{from}");
        pack.replacen(from, to, 1)
    });
    if let Err(errors) = regime::Regime::parse("bureau.yaml", &pack) {
        panic!("{errors:#?}");
    }
    Fact::RegimePublished(RegimePublished { regime_id: "bureau".to_owned(), pack, ..published(1, "r1", "2020-01-01") })
}

/// The group g, the region r1, and the branches b03, b17 and (closed) b99; x01 lies outside, where no regime is.
pub(crate) fn law() -> Vec<Fact> {
    vec![
        unit("g", "", "group", ("集团", "Group")),
        unit("r1", "g", "region", ("一区", "Region 1")),
        unit("b03", "r1", "branch", ("三号分公司", "Branch 3")),
        unit("b03-eng", "b03", "department", ("工程部", "Engineering")),
        unit("b17", "r1", "branch", ("十七号分公司", "Branch 17")),
        unit("b17-eng", "b17", "department", ("工程部", "Engineering")),
        unit("b99", "r1", "branch", ("旧分公司", "Old branch")),
        unit("x01", "g", "branch", ("直属分公司", "Branch X")),
        staff(receptionist(), "receptionist", "b03"),
        staff(head(), "head", "b03-eng"),
        staff(manager(), "manager", "r1"),
        staff(stranger(), "receptionist", "b17"),
        Fact::RegimePublished(published(1, "r1", "2020-01-01")),
        Fact::CalendarPublished(CalendarPublished {
            calendar_id: "cn".to_owned(),
            version: 1,
            body: packs::calendar("cn").unwrap(),
            ..CalendarPublished::default()
        }),
    ]
}
