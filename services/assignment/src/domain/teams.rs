//! Whether a group may handle a case together.

use crate::domain::refusal::{of_field, unavailable, unknown};
use facts::{CaseView, Law};
use kit_core::Problem;
use organisation::Staff;
use regime::{Regime, Team};
use std::collections::BTreeSet;

/// The team of this name.
pub(crate) fn team<'a>(regime: &'a Regime, name: &str) -> Result<&'a Team, Problem> {
    let known: Vec<&str> = regime.teams.iter().map(|team| team.id.as_str()).collect();
    let team = regime.teams.iter().find(|team| team.id == name);
    team.ok_or_else(|| unknown("team", "unknown-team", name, &known))
}

/// Its members, each once, and who leads it; without a named lead, the first who may.
pub(crate) fn members(
    law: &Law,
    team: &Team,
    view: &CaseView,
    staff_ids: &[String],
    lead: &str,
) -> Result<(Vec<String>, String), Problem> {
    let mut ids: Vec<String> = Vec::new();
    for id in staff_ids.iter().map(String::as_str).chain(Some(lead)).filter(|id| !id.is_empty()) {
        if !ids.iter().any(|known| known == id) {
            ids.push(id.to_owned());
        }
    }
    let mut members = Vec::new();
    for id in &ids {
        let staff = law.directory().staff(id).filter(|staff| staff.is_active && !view.excluded.contains(id));
        members.push(staff.ok_or_else(|| unavailable("staff_ids"))?);
    }
    let cite = team.cite.as_str();
    let is_enough = u32::try_from(members.len()).is_ok_and(|count| count >= team.least);
    if !is_enough {
        let least = team.least;
        let (zh, en) = (format!("不少于 {least} 人"), format!("at least {least} members are needed"));
        return Err(of_field("staff_ids", "too-few-staff", &zh, &en, cite));
    }
    let holds = |staff: &Staff, role: &String| staff.grants.iter().any(|grant| grant.role == *role);
    if !team.of.is_empty() {
        let is_of = |staff: &&Staff| team.of.iter().chain(&team.lead).any(|role| holds(staff, role));
        if let Some(other) = members.iter().find(|staff| !is_of(staff)) {
            let (zh, en) =
                (format!("“{}”不具备所需的角色", other.name), format!("{} holds none of the roles", other.name));
            return Err(of_field("staff_ids", "wrong-role", &zh, &en, cite));
        }
    }
    let may_lead = |staff: &&&Staff| team.lead.as_ref().is_none_or(|role| holds(staff, role));
    let leader = members.iter().filter(|staff| lead.is_empty() || staff.id == lead).find(may_lead);
    let Some(leader) = leader else {
        let (zh, en) = ("组长不具备所需的角色", "Nobody of them holds the role that leads");
        return Err(of_field("lead", "wrong-role", zh, en, cite));
    };
    let departments: BTreeSet<&str> =
        members.iter().flat_map(|staff| &staff.grants).map(|grant| grant.unit.as_str()).collect();
    if team.departments > 1 && u32::try_from(departments.len()).is_ok_and(|count| count < team.departments) {
        let count = team.departments;
        let (zh, en) =
            (format!("须来自不少于 {count} 个部门"), format!("They must come from at least {count} departments"));
        return Err(of_field("staff_ids", "same-department", &zh, &en, cite));
    }
    let lead = leader.id.clone();
    Ok((ids, lead))
}
