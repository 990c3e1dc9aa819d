//! The organisation as a whole, and what a change of it comes to: everything that is wrong with it, or what differs.

mod check;
mod rota;

pub(crate) use rota::{Rota, Shift, Turn};

use kit_core::{Problem, Text};
use kit_ids::StaffId;
use secrecy::SecretString;
use std::collections::{BTreeMap, BTreeSet};

/// A node of the organisation tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Unit {
    pub unit_id: String,
    /// None for the root.
    pub parent_id: Option<String>,
    pub kind: String,
    pub name: Text,
    pub zone: String,
    pub is_closed: bool,
    /// What it has charge of, such as `category:noise`; sorted.
    pub charges: Vec<String>,
}

/// A role held in a unit, and so for everything below it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Grant {
    pub role: String,
    pub unit_id: String,
}

/// A member of staff.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Person {
    pub staff_id: StaffId,
    pub login: String,
    pub name: String,
    pub email: String,
    pub grants: BTreeSet<Grant>,
    pub is_active: bool,
    /// Turns of duty.
    pub shifts: BTreeSet<Shift>,
}

/// What happens to a person's password.
#[derive(Clone, Debug)]
pub(crate) enum Password {
    Kept,
    Chosen(SecretString),
    Hashed(String),
}

/// A person as a change wants them; without an id, the login says who is meant.
#[derive(Clone, Debug)]
pub(crate) struct PersonWanted {
    pub staff_id: Option<StaffId>,
    pub login: String,
    pub name: String,
    pub email: String,
    pub grants: Vec<Grant>,
    pub is_active: bool,
    pub password: Password,
}

/// Units and staff to add or change, and rotas to replace; whoever is not named stays as they are.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wanted {
    pub units: Vec<Unit>,
    pub staff: Vec<PersonWanted>,
    pub rotas: Vec<Rota>,
}

/// What a change comes to.
#[derive(Clone, Debug, Default)]
pub(crate) struct Difference {
    pub units: Vec<Unit>,
    pub staff: Vec<Person>,
    /// New password hashes, of people changed otherwise or not.
    pub passwords: Vec<(StaffId, String)>,
}

impl Difference {
    /// How many people it touches.
    pub(crate) fn people(&self) -> usize {
        let mut touched: BTreeSet<StaffId> = self.staff.iter().map(|person| person.staff_id).collect();
        touched.extend(self.passwords.iter().map(|(id, _)| *id));
        touched.len()
    }
}

/// All units and all staff.
#[derive(Clone, Debug, Default)]
pub(crate) struct Organisation {
    pub units: BTreeMap<String, Unit>,
    pub staff: BTreeMap<StaffId, Person>,
}

impl Organisation {
    /// What `wanted` changes here, or everything that is wrong with it. All or none: the result is valid as a whole.
    pub(crate) fn difference(
        &self,
        wanted: &Wanted,
        mut next_id: impl FnMut() -> StaffId,
    ) -> Result<Difference, Problem> {
        let ids = check::whole(self, wanted, &mut next_id)?;
        let mut difference = Difference::default();
        for unit in &wanted.units {
            if self.units.get(&unit.unit_id) != Some(unit) {
                difference.units.push(unit.clone());
            }
        }
        let mut people = Vec::new();
        for (wanted, staff_id) in wanted.staff.iter().zip(ids) {
            let shifts = self.staff.get(&staff_id).map(|person| person.shifts.clone());
            people.push(wanted.person(staff_id, shifts.unwrap_or_default()));
            if let Password::Hashed(hash) = &wanted.password {
                difference.passwords.push((staff_id, hash.clone()));
            }
        }
        rota::lay(self, wanted, &mut people)?;
        let differs = |person: &Person| self.staff.get(&person.staff_id) != Some(person);
        difference.staff = people.into_iter().filter(differs).collect();
        Ok(difference)
    }
}

impl PersonWanted {
    fn person(&self, staff_id: StaffId, shifts: BTreeSet<Shift>) -> Person {
        Person {
            staff_id,
            login: self.login.clone(),
            name: self.name.clone(),
            email: self.email.clone(),
            grants: self.grants.iter().cloned().collect(),
            is_active: self.is_active,
            shifts,
        }
    }
}

#[cfg(test)]
mod tests;
