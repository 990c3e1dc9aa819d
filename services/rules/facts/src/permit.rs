//! Who may do what with a case, and who may know of it. A forbid comes first and overrides every permit: to whoever is
//! excluded, the case does not exist.

use crate::{CaseView, Law, acts_by};
use kit_core::{Problem, Text};
use regime::vocabulary::{ANYONE, APPROVALS, COMMANDS, FIRST_CONTACT, HANDLER, MOVE_TO_VERSION, TEAM, term};
use regime::{Case as _, Confided, FactRef, Missing, Regime};

/// Whether the member of staff may give the command (or do the regime's own step) in this case.
///
/// # Errors
/// `unknown-case` to whoever may not know of the case, `not-permitted` to whoever may but holds none of the roles.
pub fn authorise(law: &Law, case: &CaseView, staff: &str, command: &str) -> Result<(), Problem> {
    if !may_read(law, case, staff) {
        return Err(Problem::unknown_case());
    }
    let regime = law.regime(&case.regime_id, case.regime_version).ok_or_else(Problem::unknown_case)?;
    let roles = permitted(&regime, command);
    if roles.iter().any(|role| has_role(law, &regime, case, staff, role)) {
        return apart(&regime, case, staff, command);
    }
    let names: Vec<_> = roles.iter().map(|role| regime.role_title(role)).collect();
    let zh: Vec<_> = names.iter().map(|name| name.zh.as_str()).collect();
    let en: Vec<_> = names.iter().map(|name| name.en.as_str()).collect();
    let title = title(&regime, command);
    Err(Problem::denied(
        "not-permitted",
        format!("“{}”须由以下人员进行：{}", title.zh, if zh.is_empty() { "无".to_owned() } else { zh.join("、") }),
        format!("\"{}\" is for: {}", title.en, if en.is_empty() { "nobody".to_owned() } else { en.join(", ") }),
    ))
}

/// The roles that may give the command. What is permitted for all objects of a command is permitted for each.
fn permitted<'r>(regime: &'r Regime, command: &str) -> Vec<&'r str> {
    let of_kind = command.split_once('(').map_or(&[][..], |(kind, _)| regime.roles_for(kind));
    let named: Vec<&str> = regime.roles_for(command).iter().chain(of_kind).map(String::as_str).collect();
    // A regime need not foresee that another follows it.
    if named.is_empty() && command == MOVE_TO_VERSION { regime.keepers() } else { named }
}

/// Nobody does two acts of one case that the regime keeps apart.
///
/// # Errors
/// `same-person`, with the clause.
pub fn apart(regime: &Regime, case: &CaseView, staff: &str, command: &str) -> Result<(), Problem> {
    let did = |act: &str| case.acted.get(act).is_some_and(|staff_ids| staff_ids.contains(staff));
    let Some((other, cite)) = regime.apart_from(command, case).into_iter().find(|(act, _)| did(act)) else {
        return Ok(());
    };
    let (this, other) = (title(regime, command), title(regime, other));
    Err(Problem::denied(
        "same-person",
        format!("办理过“{}”的人不能再办理“{}”（{cite}）", other.zh, this.zh),
        format!("Whoever did \"{}\" may not do \"{}\" ({cite})", other.en, this.en),
    ))
}

fn title(regime: &Regime, command: &str) -> Text {
    let kind = command.split('(').next().unwrap_or(command);
    let known = term(COMMANDS, kind).map(|term| term.title()).or_else(|| regime.step_title(kind));
    known.unwrap_or_else(|| Text::new(command, command))
}

/// Whether the member of staff, who may read the case, may learn this of it: rules of confidence narrow what roles permit.
///
/// # Errors
/// `confidential`, with the clause.
pub fn confided(law: &Law, case: &CaseView, staff: &str, of: Confided) -> Result<(), Problem> {
    let regime = law.regime(&case.regime_id, case.regime_version).ok_or_else(Problem::unknown_case)?;
    let handles = || has_role(law, &regime, case, staff, HANDLER) || in_team(case, staff) || is_ordered(case, staff);
    // A sealed matter is opened by whoever handles it, or, until somebody does, by whoever takes it in hand.
    let opens = || case.handler.is_none() && authorise(law, case, staff, "triage").is_ok();
    if case.is_sealed && of != Confided::Respondent && !handles() && !opens() {
        return Err(Problem::denied(
            "confidential",
            "密封件只能由承办人拆阅",
            "A sealed matter is opened by whoever handles it alone",
        ));
    }
    for rule in regime.records.confidential.iter().filter(|rule| rule.of.contains(&of)) {
        let is_open = rule.unless.as_ref().is_some_and(|fact| case.has(fact)) || rule.unless_handling && handles();
        if !is_open && !rule.only.iter().any(|role| has_role(law, &regime, case, staff, role)) {
            let cite = &rule.cite;
            return Err(Problem::denied(
                "confidential",
                format!("按保密规定，您不能查看（{cite}）"),
                format!("The rules of confidence keep this from you ({cite})"),
            ));
        }
    }
    Ok(())
}

/// What must happen before the act, by the course, the approvals and the guards of the regime, and what forbids it.
pub fn lacks(regime: &Regime, case: &CaseView, act: &str) -> Vec<Missing> {
    let mut lacks = regime.out_of_course(act, case);
    lacks.extend(unapproved(regime, case, act));
    for gap in regime.guard(act, case) {
        // A guard says it better, and with its own clause.
        match lacks.iter_mut().find(|lack| lack.needs.is_some() && lack.needs == gap.needs) {
            Some(lack) => *lack = gap,
            None => lacks.push(gap),
        }
    }
    lacks
}

/// Where the regime wants a sign-off on the act itself.
fn unapproved(regime: &Regime, case: &CaseView, act: &str) -> Option<Missing> {
    let (roles, cite) = regime.approvers(act, case)?;
    // What was signed for all objects of an act is signed for each.
    let kind = act.split('(').next().unwrap_or(act);
    let needs = FactRef::about("approval-given", kind);
    if APPROVALS.contains(&kind) || case.has(&needs) || case.has(&FactRef::about("approval-given", act)) {
        return None;
    }
    let titles: Vec<Text> = roles.iter().map(|role| regime.role_title(role)).collect();
    let zh = titles.iter().map(|title| title.zh.as_str()).collect::<Vec<_>>().join("、");
    let en = titles.iter().map(|title| title.en.as_str()).collect::<Vec<_>>().join(", then ");
    let say = Text::new(format!("须经{zh}批准"), format!("{en} approves it first"));
    Some(Missing { needs: Some(needs), say, cite: cite.to_owned() })
}

/// The refusal of an act whose turn has not come: everything that is missing, at once. Where only a rule forbids it, it
/// says that.
pub fn not_yet(lacks: &[Missing]) -> Problem {
    let lines: Vec<Text> = lacks.iter().map(line).collect();
    let zh = lines.iter().map(|line| line.zh.as_str()).collect::<Vec<_>>().join("；");
    let en = lines.iter().map(|line| line.en.as_str()).collect::<Vec<_>>().join("; ");
    let mut problem = if lacks.iter().all(|lack| lack.needs.is_none()) {
        Problem::conflict("forbidden-by-rule", format!("按制度不能办理：{zh}"), format!("The rules forbid it: {en}"))
    } else if lacks.iter().all(|lack| lack.needs.as_ref().is_some_and(|needs| needs.word == "approval-given")) {
        Problem::conflict("needs-approval", format!("须先经批准：{zh}"), format!("It must be approved first: {en}"))
    } else {
        Problem::conflict("not-yet", format!("还不能办理，尚缺：{zh}"), format!("Not yet; missing: {en}"))
    };
    for (lack, line) in lacks.iter().zip(&lines) {
        let field = lack.needs.as_ref().map(ToString::to_string).unwrap_or_default();
        problem = problem.with_field(&field, line.zh.as_str(), line.en.as_str());
    }
    problem
}

/// What is missing, with its clause in brackets.
pub fn line(lack: &Missing) -> Text {
    let Missing { say, cite, .. } = lack;
    if cite.is_empty() {
        return say.clone();
    }
    Text::new(format!("{}（{cite}）", say.zh), format!("{} ({cite})", say.en))
}

/// Whether the member of staff may know of the case: they handle it, alone or in a team, it climbed to them, an order in
/// it is theirs to answer, or they hold one of the regime's roles over its unit or over the one that handles it.
pub fn may_read(law: &Law, case: &CaseView, staff: &str) -> bool {
    if case.excluded.contains(staff) {
        return false;
    }
    let Some(person) = law.directory().staff(staff).filter(|person| person.is_active) else { return false };
    if case.handler.as_deref() == Some(staff) || in_team(case, staff) || is_ordered(case, staff) {
        return true;
    }
    if case.watchers.contains(staff) || is_first_contact(case, staff) {
        return true;
    }
    let Some(regime) = law.regime(&case.regime_id, case.regime_version) else { return false };
    let of_regime = |role: &str| regime.words.roles.iter().any(|word| word.id == role);
    person.grants.iter().any(|g| of_regime(&g.role) && case.units().any(|u| law.directory().is_within(u, &g.unit)))
}

fn in_team(case: &CaseView, staff: &str) -> bool {
    case.teams.values().any(|team| team.contains(staff))
}

/// Whether an order in the case waits for this person's answer.
fn is_ordered(case: &CaseView, staff: &str) -> bool {
    case.orders.iter().any(|order| !order.is_answered && order.staff.iter().any(|one| one == staff))
}

/// Whoever took the matter in answers for it until somebody has signed for it.
fn is_first_contact(case: &CaseView, staff: &str) -> bool {
    case.first_contact.as_deref() == Some(staff) && !case.has_word("case-signed")
}

fn has_role(law: &Law, regime: &Regime, case: &CaseView, staff: &str, role: &str) -> bool {
    match role {
        HANDLER => case.handler.as_deref() == Some(staff),
        TEAM => in_team(case, staff),
        FIRST_CONTACT => is_first_contact(case, staff),
        ANYONE => true,
        role => acts_by(law.directory(), regime, case, staff, role),
    }
}

#[cfg(test)]
mod tests;
