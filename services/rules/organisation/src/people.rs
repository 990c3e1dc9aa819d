//! A member of staff and the roles they hold.

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
}

/// A role in a unit and in everything below it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    pub role: String,
    pub unit: String,
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
        }
    }
}
