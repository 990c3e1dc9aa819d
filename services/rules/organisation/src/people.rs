//! A member of staff and the roles they hold.

use chrono::{DateTime, Utc};
use contracts::assignment::StaffChanged;

/// A member of staff, as they now are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Staff {
    pub id: String,
    pub login: String,
    pub name: String,
    /// Work address.
    pub email: String,
    pub grants: Vec<Grant>,
    pub is_active: bool,
    /// Turns of duty.
    pub shifts: Vec<Shift>,
}

/// A role in a unit and in everything below it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    pub role: String,
    pub unit: String,
}

/// A turn of duty in a role of a unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shift {
    pub role: String,
    pub unit: String,
    pub from: DateTime<Utc>,
    /// The first instant after it.
    pub until: DateTime<Utc>,
}

impl Shift {
    /// As the wire tells it; none where one of its instants cannot be read.
    fn read(shift: contracts::assignment::Shift) -> Option<Self> {
        let instant = |at: Option<prost_types::Timestamp>| {
            at.and_then(|at| DateTime::from_timestamp(at.seconds, u32::try_from(at.nanos).ok()?))
        };
        let (from, until) = (instant(shift.from_at)?, instant(shift.until_at)?);
        Some(Self { role: shift.role, unit: shift.unit_id, from, until })
    }
}

impl From<StaffChanged> for Staff {
    fn from(event: StaffChanged) -> Self {
        let grants = event.grants.into_iter().map(|grant| Grant { role: grant.role, unit: grant.unit_id }).collect();
        Self {
            id: event.staff_id,
            login: event.login,
            name: event.name,
            email: event.email,
            grants,
            is_active: event.is_active,
            shifts: event.shifts.into_iter().filter_map(Shift::read).collect(),
        }
    }
}
