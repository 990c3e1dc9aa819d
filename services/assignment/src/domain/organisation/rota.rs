//! Turns of duty: a rota takes the place of what was known of its role in its unit.

use super::{Organisation, Person, Wanted};
use chrono::{DateTime, Utc};
use kit_core::Problem;
use kit_ids::StaffId;

/// A turn of duty in a role of a unit.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Shift {
    pub role: String,
    pub unit_id: String,
    pub from: DateTime<Utc>,
    /// The first instant after it.
    pub until: DateTime<Utc>,
}

/// All turns in a role of a unit.
#[derive(Clone, Debug)]
pub(crate) struct Rota {
    pub unit_id: String,
    pub role: String,
    pub turns: Vec<Turn>,
}

/// One of them, as a change wants it; without an id, the login says whose it is.
#[derive(Clone, Debug)]
pub(crate) struct Turn {
    pub staff_id: Option<StaffId>,
    pub login: String,
    pub from: Option<DateTime<Utc>>,
    pub until: Option<DateTime<Utc>>,
}

/// Lays the rotas into the people whom the change touches, and adds whom it did not touch yet.
pub(super) fn lay(now: &Organisation, wanted: &Wanted, people: &mut Vec<Person>) -> Result<(), Problem> {
    let mut problem =
        Problem::invalid("invalid-rota", "值班表有误,未作任何改动", "The rota is wrong; nothing was changed");
    for (i, rota) in wanted.rotas.iter().enumerate() {
        let is_named_before =
            wanted.rotas.iter().take(i).any(|one| (&one.unit_id, &one.role) == (&rota.unit_id, &rota.role));
        if is_named_before {
            problem = problem.with_field(&format!("rotas[{i}]"), "本次变更中重复", "named twice in this change");
        }
        if !now.units.contains_key(&rota.unit_id) && !wanted.units.iter().any(|unit| unit.unit_id == rota.unit_id) {
            let field = format!("rotas[{i}].unit_id");
            problem = problem.with_field(&field, "没有这个单位", "there is no such unit");
            continue;
        }
        let is_of_rota = |shift: &Shift| shift.role == rota.role && shift.unit_id == rota.unit_id;
        for person in now.staff.values().filter(|person| person.shifts.iter().any(is_of_rota)) {
            touched(now, people, person.staff_id);
        }
        people.iter_mut().for_each(|person| person.shifts.retain(|shift| !is_of_rota(shift)));
        for (j, turn) in rota.turns.iter().enumerate() {
            let field = |name: &str| format!("rotas[{i}].turns[{j}].{name}");
            let Some((from, until)) = turn.from.zip(turn.until).filter(|(from, until)| from < until) else {
                let (zh, en) = ("须写明起止时间，且止晚于起", "from when until when, and the end after the beginning");
                problem = problem.with_field(&field("until_at"), zh, en);
                continue;
            };
            let shift = Shift { role: rota.role.clone(), unit_id: rota.unit_id.clone(), from, until };
            match whose(now, people, turn).and_then(|id| touched(now, people, id)) {
                Some(person) if holds(now, wanted, person, rota) => drop(person.shifts.insert(shift)),
                Some(_) => {
                    let (zh, en) = ("此人在该单位没有这一岗位", "this person does not hold the role there");
                    problem = problem.with_field(&field("staff_id"), zh, en);
                }
                None => problem = problem.with_field(&field("staff_id"), "没有这个人", "there is no such person"),
            }
        }
    }
    if problem.fields.is_empty() { Ok(()) } else { Err(problem) }
}

fn whose(now: &Organisation, people: &[Person], turn: &Turn) -> Option<StaffId> {
    turn.staff_id.or_else(|| {
        let mut all = people.iter().chain(now.staff.values());
        all.find(|person| person.login == turn.login).map(|person| person.staff_id)
    })
}

/// The person among those whom the change touches.
fn touched<'a>(now: &Organisation, people: &'a mut Vec<Person>, id: StaffId) -> Option<&'a mut Person> {
    if !people.iter().any(|person| person.staff_id == id) {
        people.push(now.staff.get(&id)?.clone());
    }
    people.iter_mut().find(|person| person.staff_id == id)
}

/// Whether the person holds the role of the rota in its unit, or above it.
fn holds(now: &Organisation, wanted: &Wanted, person: &Person, rota: &Rota) -> bool {
    let unit = |id: &str| wanted.units.iter().find(|unit| unit.unit_id == id).or_else(|| now.units.get(id));
    let mut above = Some(rota.unit_id.as_str());
    // The tree was found to be one.
    while let Some(id) = above {
        if person.grants.iter().any(|grant| grant.role == rota.role && grant.unit_id == id) {
            return true;
        }
        above = unit(id).and_then(|unit| unit.parent_id.as_deref());
    }
    false
}
