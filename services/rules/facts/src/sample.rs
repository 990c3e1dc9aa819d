//! A small organisation and a case in it, for the tests of this crate.

use crate::{CaseView, Law, law_entry};
use chrono::{DateTime, TimeZone, Utc};
use contracts::Fact;
use contracts::assignment::{RoleGrant, StaffChanged, UnitChanged};
use contracts::intake::CaseRegistered;
use contracts::triage::RegimePublished;

pub(crate) const REGIME: &str = "property-internal-procedure";

pub(crate) fn at(hour: u32) -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 3, 2, hour, 0, 0).unwrap()
}

pub(crate) fn unit(id: &str, parent: &str, kind: &str) -> Fact {
    let (unit_id, parent_id, kind) = (id.into(), parent.into(), kind.into());
    Fact::UnitChanged(UnitChanged { unit_id, parent_id, kind, ..Default::default() })
}

pub(crate) fn person(id: &str, role: &str, unit: &str) -> Fact {
    let grants = vec![RoleGrant { role: role.into(), unit_id: unit.into() }];
    Fact::StaffChanged(StaffChanged {
        staff_id: id.into(),
        login: id.into(),
        grants,
        is_active: true,
        ..Default::default()
    })
}

pub(crate) fn published(version: u32, unit: &str, from: &str) -> Fact {
    let pack = packs::regime(REGIME).unwrap().yaml;
    let (unit_id, in_force_from) = (unit.into(), from.into());
    Fact::RegimePublished(RegimePublished {
        regime_id: REGIME.into(),
        version,
        pack,
        unit_id,
        in_force_from,
        sha256: vec![],
        ..Default::default()
    })
}

pub(crate) fn law(facts: &[Fact]) -> Result<Law, String> {
    Law::build(&facts.iter().filter_map(law_entry).collect::<Vec<_>>())
}

pub(crate) fn small_law() -> Law {
    law(&[
        unit("r1", "", "region"),
        unit("b03", "r1", "branch"),
        unit("b04", "r1", "branch"),
        unit("b03-eng", "b03", "department"),
        unit("b03-clean", "b03", "department"),
        person("ann", "receptionist", "b03"),
        person("bo", "head", "b03-eng"),
        person("cleo", "head", "b03-clean"),
        person("mia", "manager-in-charge", "r1"),
        person("gus", "general-manager", "r1"),
        person("far", "receptionist", "b04"),
        person("cook", "cook", "b03"),
        published(1, "", "2020-01-01"),
    ])
    .unwrap()
}

pub(crate) fn registered() -> CaseRegistered {
    CaseRegistered {
        case_id: "case_1".into(),
        number: "TS-b03-2026-00001".into(),
        regime_id: REGIME.into(),
        regime_version: 1,
        unit_id: "b03".into(),
        channel: "web".into(),
        kind: "complaint".into(),
        ..Default::default()
    }
}

pub(crate) fn case() -> CaseView {
    CaseView::open(&registered(), at(9))
}
