//! Between the wire and the domain, where both vocabularies meet.

use crate::domain::organisation::{Grant, Password, Person, PersonWanted, Rota, Shift, Turn, Unit, Wanted};
use contracts::assignment as wire;
use kit_core::{Problem, Text};
use kit_ids::StaffId;
use std::collections::BTreeSet;

/// What a request wants of the organisation.
pub(crate) fn wanted(request: wire::ChangeOrganisationRequest) -> Result<Wanted, Problem> {
    let mut problem = Problem::invalid("malformed-id", "人员编号格式不正确", "An identifier of staff is malformed");
    let mut staff = Vec::with_capacity(request.staff.len());
    for (i, person) in request.staff.into_iter().enumerate() {
        let staff_id: Option<StaffId> = match person.staff_id.as_str() {
            "" => None,
            text => text.parse().ok(),
        };
        if staff_id.is_none() && !person.staff_id.is_empty() {
            problem = problem.with_field(&format!("staff[{i}].staff_id"), "应形如 staff_…", "must look like staff_…");
        }
        staff.push(PersonWanted {
            staff_id,
            login: person.login,
            name: person.name,
            email: person.email,
            grants: person.grants.into_iter().map(|g| Grant { role: g.role, unit_id: g.unit_id }).collect(),
            is_active: person.is_active,
            password: match person.new_password {
                empty if empty.is_empty() => Password::Kept,
                chosen => Password::Chosen(chosen.into()),
            },
        });
    }
    let mut rotas = Vec::with_capacity(request.rotas.len());
    for (i, rota) in request.rotas.into_iter().enumerate() {
        let mut turns = Vec::with_capacity(rota.turns.len());
        for (j, turn) in rota.turns.into_iter().enumerate() {
            let staff_id: Option<StaffId> = turn.staff_id.parse().ok();
            if staff_id.is_none() && !turn.staff_id.is_empty() {
                let field = format!("rotas[{i}].turns[{j}].staff_id");
                problem = problem.with_field(&field, "应形如 staff_…", "must look like staff_…");
            }
            let [from, until] = [&turn.from_at, &turn.until_at].map(|at| at.as_ref().and_then(kit_grpc::instant));
            turns.push(Turn { staff_id, login: turn.login, from, until });
        }
        rotas.push(Rota { unit_id: rota.unit_id, role: rota.role, turns });
    }
    let units = request.units.into_iter().map(unit_wanted).collect();
    if problem.fields.is_empty() { Ok(Wanted { units, staff, rotas }) } else { Err(problem) }
}

fn unit_wanted(unit: wire::Unit) -> Unit {
    let name = unit.name.unwrap_or_default();
    // A name given in one language stands for both.
    let either = |one: &str, other: &str| if one.is_empty() { other.to_owned() } else { one.to_owned() };
    Unit {
        unit_id: unit.unit_id,
        parent_id: Some(unit.parent_id).filter(|id| !id.is_empty()),
        kind: unit.kind,
        name: Text::new(either(&name.zh, &name.en), either(&name.en, &name.zh)),
        zone: unit.zone,
        is_closed: unit.is_closed,
        charges: unit.charges.into_iter().collect::<BTreeSet<String>>().into_iter().collect(),
    }
}

/// The request without its passwords, so that what is stored of it to know it again does not help to guess them.
pub(crate) fn without_passwords(request: &wire::ChangeOrganisationRequest) -> wire::ChangeOrganisationRequest {
    let mut request = request.clone();
    for person in &mut request.staff {
        person.new_password = if person.new_password.is_empty() { String::new() } else { "set".to_owned() };
    }
    request
}

/// A unit as an event tells it.
pub(crate) fn unit_changed(unit: &Unit) -> wire::UnitChanged {
    wire::UnitChanged {
        unit_id: unit.unit_id.clone(),
        parent_id: unit.parent_id.clone().unwrap_or_default(),
        kind: unit.kind.clone(),
        name: Some(kit_grpc::text(&unit.name)),
        zone: unit.zone.clone(),
        is_closed: unit.is_closed,
        charges: unit.charges.clone(),
    }
}

/// A person as an event tells it.
pub(crate) fn staff_changed(person: &Person) -> wire::StaffChanged {
    wire::StaffChanged {
        staff_id: person.staff_id.to_string(),
        login: person.login.clone(),
        name: person.name.clone(),
        email: person.email.clone(),
        grants: grants(person),
        is_active: person.is_active,
        shifts: shifts(person),
    }
}

/// A person as a caller sees them.
pub(crate) fn staff(person: &Person) -> wire::Staff {
    wire::Staff {
        staff_id: person.staff_id.to_string(),
        login: person.login.clone(),
        name: person.name.clone(),
        email: person.email.clone(),
        grants: grants(person),
        is_active: person.is_active,
        new_password: String::new(),
        shifts: shifts(person),
    }
}

/// A unit as a caller sees it.
pub(crate) fn unit(unit: &Unit) -> wire::Unit {
    wire::Unit {
        unit_id: unit.unit_id.clone(),
        parent_id: unit.parent_id.clone().unwrap_or_default(),
        kind: unit.kind.clone(),
        name: Some(kit_grpc::text(&unit.name)),
        zone: unit.zone.clone(),
        is_closed: unit.is_closed,
        charges: unit.charges.clone(),
    }
}

fn grants(person: &Person) -> Vec<wire::RoleGrant> {
    person
        .grants
        .iter()
        .map(|grant| wire::RoleGrant { role: grant.role.clone(), unit_id: grant.unit_id.clone() })
        .collect()
}

fn shifts(person: &Person) -> Vec<wire::Shift> {
    let shift = |shift: &Shift| wire::Shift {
        role: shift.role.clone(),
        unit_id: shift.unit_id.clone(),
        from_at: Some(kit_grpc::timestamp(shift.from)),
        until_at: Some(kit_grpc::timestamp(shift.until)),
    };
    person.shifts.iter().map(shift).collect()
}
