//! Who may do what with a case, and who may know of it. A forbid comes first and overrides every permit: to whoever is
//! excluded, the case does not exist.

use crate::{CaseView, Law};
use kit_core::Problem;
use regime::vocabulary::{COMMANDS, HANDLER, term};

/// Whether the member of staff may give the command (or do the regime's own step) in this case.
///
/// # Errors
/// `unknown-case` to whoever may not know of the case, `not-permitted` to whoever may but holds none of the roles.
pub fn authorise(law: &Law, case: &CaseView, staff: &str, command: &str) -> Result<(), Problem> {
    if !may_read(law, case, staff) {
        return Err(Problem::unknown_case());
    }
    let regime = law.regime(&case.regime_id, case.regime_version).ok_or_else(Problem::unknown_case)?;
    let roles = regime.roles_for(command);
    if roles.iter().any(|role| has_role(law, case, staff, role)) {
        return Ok(());
    }
    let names: Vec<_> = roles.iter().map(|role| regime.role_title(role)).collect();
    let zh: Vec<_> = names.iter().map(|name| name.zh.as_str()).collect();
    let en: Vec<_> = names.iter().map(|name| name.en.as_str()).collect();
    let title = term(COMMANDS, command).map(|term| term.title()).or_else(|| regime.step_title(command));
    let title = title.unwrap_or_default();
    Err(Problem::denied(
        "not-permitted",
        format!("“{}”须由以下人员进行：{}", title.zh, if zh.is_empty() { "无".to_owned() } else { zh.join("、") }),
        format!("\"{}\" is for: {}", title.en, if en.is_empty() { "nobody".to_owned() } else { en.join(", ") }),
    ))
}

/// Whether the member of staff may know of the case: they handle it, it climbed to them, or they hold one of the
/// regime's roles over its unit or over the one that handles it.
pub fn may_read(law: &Law, case: &CaseView, staff: &str) -> bool {
    if case.excluded.contains(staff) {
        return false;
    }
    let Some(person) = law.directory().staff(staff).filter(|person| person.is_active) else { return false };
    if case.handler.as_deref() == Some(staff) || case.watchers.contains(staff) {
        return true;
    }
    let Some(regime) = law.regime(&case.regime_id, case.regime_version) else { return false };
    let of_regime = |role: &str| regime.words.roles.iter().any(|word| word.id == role);
    person.grants.iter().any(|g| of_regime(&g.role) && case.units().any(|u| law.directory().is_within(u, &g.unit)))
}

fn has_role(law: &Law, case: &CaseView, staff: &str, role: &str) -> bool {
    if role == HANDLER {
        return case.handler.as_deref() == Some(staff);
    }
    case.units().any(|unit| law.directory().holds(staff, role, unit))
}

#[cfg(test)]
mod tests;
