//! The tree of units, and the questions that services put to it.

use crate::{Grant, Shift, Staff};
use chrono::{DateTime, Utc};
use contracts::assignment::UnitChanged;
use kit_core::Text;
use std::collections::BTreeMap;

/// The zone of a unit for which nobody named one.
const DEFAULT_ZONE: &str = "Asia/Shanghai";

/// A node of the tree, as it now is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    pub id: String,
    /// None for a root.
    pub parent: Option<String>,
    /// `group`, `region`, `branch` or `department`.
    pub kind: String,
    pub name: Text,
    /// IANA zone; empty takes that of the unit above.
    pub zone: String,
    pub is_closed: bool,
    /// What it has charge of, such as `category:noise`.
    pub charges: Vec<String>,
}

impl From<UnitChanged> for Unit {
    fn from(event: UnitChanged) -> Self {
        let name = event.name.unwrap_or_default();
        Self {
            id: event.unit_id,
            parent: (!event.parent_id.is_empty()).then_some(event.parent_id),
            kind: event.kind,
            name: Text::new(name.zh, name.en),
            zone: event.zone,
            is_closed: event.is_closed,
            charges: event.charges,
        }
    }
}

/// Units and staff, by id.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Directory {
    units: BTreeMap<String, Unit>,
    staff: BTreeMap<String, Staff>,
}

impl Directory {
    /// A directory of these; of two with one id the later stands.
    pub fn new(units: impl IntoIterator<Item = Unit>, staff: impl IntoIterator<Item = Staff>) -> Self {
        let mut directory = Self::default();
        units.into_iter().for_each(|unit| directory.put_unit(unit));
        staff.into_iter().for_each(|staff| directory.put_staff(staff));
        directory
    }

    /// Adds or replaces a unit.
    pub fn put_unit(&mut self, unit: Unit) {
        self.units.insert(unit.id.clone(), unit);
    }

    /// Adds or replaces a member of staff.
    pub fn put_staff(&mut self, staff: Staff) {
        self.staff.insert(staff.id.clone(), staff);
    }

    pub fn unit(&self, id: &str) -> Option<&Unit> {
        self.units.get(id)
    }

    pub fn staff(&self, id: &str) -> Option<&Staff> {
        self.staff.get(id)
    }

    /// All units, by id.
    pub fn units(&self) -> impl Iterator<Item = &Unit> {
        self.units.values()
    }

    /// All staff, by id; those who have left too.
    pub fn all_staff(&self) -> impl Iterator<Item = &Staff> {
        self.staff.values()
    }

    /// Whoever signs in with this name.
    pub fn staff_by_login(&self, login: &str) -> Option<&Staff> {
        self.staff.values().find(|staff| staff.login == login)
    }

    /// The unit and those above it, nearest first. Ends at a parent that is not known, and at a circle.
    pub fn chain<'a>(&'a self, unit: &str) -> Vec<&'a Unit> {
        let mut chain: Vec<&Unit> = Vec::new();
        let mut next = self.units.get(unit);
        while let Some(unit) = next {
            if chain.iter().any(|above| above.id == unit.id) {
                break;
            }
            chain.push(unit);
            next = unit.parent.as_ref().and_then(|parent| self.units.get(parent));
        }
        chain
    }

    /// Whether `unit` is `ancestor` or below it.
    pub fn is_within(&self, unit: &str, ancestor: &str) -> bool {
        self.chain(unit).iter().any(|above| above.id == ancestor)
    }

    /// Active holders of the role in the unit; where there are none, in the nearest unit above that has some.
    pub fn holders(&self, role: &str, unit: &str) -> Vec<&Staff> {
        for above in self.chain(unit) {
            let holds = |staff: &&Staff| staff.is_active && staff.grants.iter().any(|g| is_grant(g, role, &above.id));
            let found: Vec<&Staff> = self.staff.values().filter(holds).collect();
            if !found.is_empty() {
                return found;
            }
        }
        Vec::new()
    }

    /// Active holders of the role who have a turn of duty in it at this instant: in the unit or, where nobody has, in the
    /// nearest unit above that has some.
    pub fn on_duty(&self, role: &str, unit: &str, at: DateTime<Utc>) -> Vec<&Staff> {
        let of = |above: &Unit| {
            let covers = |s: &Shift| s.role == role && s.unit == above.id && (s.from..s.until).contains(&at);
            let is_on = |staff: &&Staff| staff.shifts.iter().any(covers) && self.holds(&staff.id, role, &above.id);
            self.staff.values().filter(is_on).collect::<Vec<_>>()
        };
        self.chain(unit).into_iter().map(of).find(|found| !found.is_empty()).unwrap_or_default()
    }

    /// Active holders of the role in any of the units above this one, each unit's apart, nearest first.
    pub fn holders_above(&self, role: &str, unit: &str) -> Vec<(&Unit, Vec<&Staff>)> {
        let of = |above: &Unit| {
            let holds = |staff: &&Staff| staff.is_active && staff.grants.iter().any(|g| is_grant(g, role, &above.id));
            self.staff.values().filter(holds).collect::<Vec<_>>()
        };
        self.chain(unit)
            .into_iter()
            .skip(1)
            .map(|above| (above, of(above)))
            .filter(|(_, all)| !all.is_empty())
            .collect()
    }

    /// The open units that have charge of all of this, each thing under any one of its names. The nearest counts: units
    /// below `unit`, where there are none those below the unit above it, and so on.
    pub fn in_charge(&self, unit: &str, things: &[Vec<String>]) -> Vec<&Unit> {
        if things.is_empty() {
            return Vec::new();
        }
        let has = |unit: &Unit| things.iter().all(|names| names.iter().any(|name| unit.charges.contains(name)));
        let near = |above: &Unit| {
            let within = self.units.values().filter(|unit| !unit.is_closed && self.is_within(&unit.id, &above.id));
            within.filter(|unit| has(unit)).collect::<Vec<_>>()
        };
        self.chain(unit).into_iter().map(near).find(|found| !found.is_empty()).unwrap_or_default()
    }

    /// Whether an active member of staff holds the role in the unit or above it.
    pub fn holds(&self, staff: &str, role: &str, unit: &str) -> bool {
        let Some(staff) = self.staff.get(staff).filter(|staff| staff.is_active) else { return false };
        let mut grants = staff.grants.iter().filter(|grant| grant.role == role);
        grants.any(|grant| self.is_within(unit, &grant.unit))
    }

    /// The open departments of a branch, however deep.
    pub fn departments(&self, branch: &str) -> Vec<&Unit> {
        let is_one = |unit: &&Unit| unit.kind == "department" && !unit.is_closed && self.is_within(&unit.id, branch);
        self.units.values().filter(is_one).collect()
    }

    /// The IANA zone of the unit, its own or that of the nearest unit above that names one.
    pub fn zone<'a>(&'a self, unit: &str) -> &'a str {
        let named = self.chain(unit).into_iter().map(|above| above.zone.as_str()).find(|zone| !zone.is_empty());
        named.unwrap_or(DEFAULT_ZONE)
    }
}

fn is_grant(grant: &Grant, role: &str, unit: &str) -> bool {
    grant.role == role && grant.unit == unit
}

#[cfg(test)]
mod tests;
