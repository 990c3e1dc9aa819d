//! The organisation in which a scenario plays, and who is on duty in it when.

use super::{
    super::{
        reader::{Map, Reader},
        setting::{self, Setting},
    },
    when,
};
use chrono_tz::Tz;
use contracts::assignment::{RoleGrant, Rota, Staff, Turn, Unit};
use packs::Pack;
use regime::{
    Word,
    node::{Data, Key, Node},
    vocabulary::ADMINISTRATOR,
};

const KINDS: &[&str] = &["group", "region", "branch", "department"];

pub(super) fn read(
    reader: &Reader,
    node: Option<&Node>,
    (pack, also): (Pack, Vec<Pack>),
    known: &[Word],
    zone: Tz,
) -> Setting {
    let mut ordinary = Setting::ordinary(pack, also, known);
    for unit in &mut ordinary.units {
        unit.zone = zone.name().to_owned();
    }
    let Some(node) = node else { return ordinary };
    match node.text() {
        Some("default") => return ordinary,
        Some(_) => {
            reader.fail(
                node.line.number,
                "organisation 应写 default，或写出 units 和 staff",
                "`organisation` is `default`, or says its `units` and `staff`",
            );
            return ordinary;
        }
        None => {}
    }
    let map = reader.map(node, ("组织", "an organisation"), &["units", "staff", "rota"]);
    if let Some(units) = map.get("units") {
        ordinary.units = self::units(reader, units, zone);
    }
    if let Some(staff) = map.get("staff") {
        ordinary.staff = self::staff(reader, staff, known, &ordinary.units);
    }
    if let Some(rota) = map.get("rota") {
        ordinary.rotas = self::rota(reader, rota, known, &ordinary, zone);
    }
    ordinary
}

fn units(reader: &Reader, node: &Node, zone: Tz) -> Vec<Unit> {
    let entries = reader.entries(node, ("单位", "units"));
    let ids: Vec<&str> = entries.iter().map(|(key, _)| key.name.as_str()).collect();
    entries.iter().map(|(key, node)| unit(reader, key, node, &ids, zone)).collect()
}

fn unit(reader: &Reader, key: &Key, node: &Node, ids: &[&str], zone: Tz) -> Unit {
    let map = reader.map(node, ("单位", "a unit"), &["kind", "in", "zone", "zh", "en", "charges"]);
    let one = |name: &str, what, known: &[&str]| {
        map.get(name).and_then(|node| reader.one_of(node, what, known.iter().copied())).unwrap_or_default()
    };
    let kind =
        map.need("kind").and_then(|node| reader.one_of(node, ("单位类别", "kind of unit"), KINDS.iter().copied()));
    let name = |language: &str| map.text(language).unwrap_or_else(|| key.name.clone());
    let mut unit = setting::unit(
        &key.name,
        &one("in", ("单位", "unit"), ids),
        &kind.unwrap_or_default(),
        &name("zh"),
        &name("en"),
    );
    unit.zone = map.text("zone").unwrap_or_else(|| zone.name().to_owned());
    unit.charges = map.get("charges").map(|node| reader.words(node)).unwrap_or_default();
    unit
}

fn staff(reader: &Reader, node: &Node, known: &[Word], units: &[Unit]) -> Vec<Staff> {
    let entries = reader.entries(node, ("人员", "staff"));
    entries.iter().map(|(key, node)| person(reader, key, node, known, units)).collect()
}

/// `{name: …, roles: {head: engineering, receptionist: [a, b]}, email: no}`, or no more than the roles.
fn person(reader: &Reader, key: &Key, node: &Node, known: &[Word], units: &[Unit]) -> Staff {
    let map = reader.map(node, ("人员", "a person"), &["name", "roles", "email", "active"]);
    let mut person = setting::person(&key.name, &map.text("name").unwrap_or_else(|| key.name.clone()), []);
    person.grants = map.get("roles").map(|node| roles(&map, node, known, units)).unwrap_or_default();
    if map.get("email").is_some_and(|node| reader.flag(node) == Some(false)) {
        person.email = String::new();
    }
    if map.get("active").is_some_and(|node| reader.flag(node) == Some(false)) {
        person.is_active = false;
    }
    person
}

fn roles(map: &Map<'_>, node: &Node, words: &[Word], units: &[Unit]) -> Vec<RoleGrant> {
    let reader = map.reader;
    let mut grants = Vec::new();
    for (key, node) in reader.entries(node, ("岗位", "roles")) {
        let known = || words.iter().map(|word| word.id.as_str()).chain([ADMINISTRATOR]);
        if !known().any(|role| role == key.name) {
            reader.unknown(key.line.number, ("岗位", "role"), &key.name, known());
        }
        if matches!(node.data, Data::Empty) {
            reader.fail(key.line.number, "岗位要写明在哪个单位", "a role says in which unit it is held");
        }
        for member in node.members() {
            let known = units.iter().map(|unit| unit.unit_id.as_str());
            let unit = reader.one_of(member, ("单位", "unit"), known);
            grants.extend(unit.map(|unit_id| RoleGrant { role: key.name.clone(), unit_id }));
        }
    }
    grants
}

/// `- {staff: chief, role: duty-leader, unit: estate, from: 2026-02-14 12:00, until: 2026-02-14 14:00}`: a turn of duty.
fn rota(reader: &Reader, node: &Node, known: &[Word], setting: &Setting, zone: Tz) -> Vec<Rota> {
    let mut rotas: Vec<Rota> = Vec::new();
    for node in node.members() {
        let map = reader.map(node, ("值班", "a turn of duty"), &["staff", "role", "unit", "from", "until"]);
        let one = |name, what, known: Vec<&str>| {
            map.need(name).and_then(|node| reader.one_of(node, what, known.iter().copied()))
        };
        let login = one("staff", ("人员", "staff"), setting.staff.iter().map(|one| one.login.as_str()).collect());
        let role = one("role", ("岗位", "role"), known.iter().map(|word| word.id.as_str()).collect());
        let unit = one("unit", ("单位", "unit"), setting.units.iter().map(|unit| unit.unit_id.as_str()).collect());
        let at = |name| map.need(name).and_then(|node| when::instant(reader, node, zone)).map(kit_grpc::timestamp);
        let (from_at, until_at) = (at("from"), at("until"));
        let (Some(login), Some(role), Some(unit_id)) = (login, role, unit) else { continue };
        let turn = Turn { login, staff_id: String::new(), from_at, until_at };
        match rotas.iter_mut().find(|rota| (&rota.unit_id, &rota.role) == (&unit_id, &role)) {
            Some(rota) => rota.turns.push(turn),
            None => rotas.push(Rota { unit_id, role, turns: vec![turn] }),
        }
    }
    rotas
}
