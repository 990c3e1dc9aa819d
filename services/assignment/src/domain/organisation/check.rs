//! Everything that can be wrong with a change of the organisation, found at once and named field by field.

use super::{Organisation, Password, Person, PersonWanted, Unit, Wanted};
use kit_core::Problem;
use kit_ids::StaffId;
use secrecy::ExposeSecret as _;
use std::collections::{BTreeMap, BTreeSet};

const UNIT_KINDS: [&str; 4] = ["group", "region", "branch", "department"];
const LONGEST_WORD: usize = 64;
const LONGEST_NAME: usize = 200;
const SHORTEST_PASSWORD: usize = 8;
const LONGEST_PASSWORD: usize = 200;

/// Checks the organisation as it would be; on success, the id of each person in `wanted`, in order.
pub(super) fn whole(
    now: &Organisation,
    wanted: &Wanted,
    next_id: &mut impl FnMut() -> StaffId,
) -> Result<Vec<StaffId>, Problem> {
    let mut problem = Problem::invalid(
        "invalid-organisation",
        "机构与人员的变更有误,未作任何改动",
        "The change of the organisation is wrong; nothing was changed",
    );
    let mut units: BTreeMap<&str, &Unit> = now.units.iter().map(|(id, unit)| (id.as_str(), unit)).collect();
    let mut named = BTreeSet::new();
    for (i, unit) in wanted.units.iter().enumerate() {
        let field = format!("units[{i}]");
        if !named.insert(unit.unit_id.as_str()) {
            note(&mut problem, &format!("{field}.unit_id"), "本次变更中重复", "named twice in this change");
        }
        check_unit(&mut problem, &field, unit);
        units.insert(&unit.unit_id, unit);
    }
    check_tree(&mut problem, &wanted.units, &units);
    let ids = check_staff(&mut problem, now, wanted, next_id);
    for (i, person) in wanted.staff.iter().enumerate() {
        check_person(&mut problem, &format!("staff[{i}]"), person, &units);
    }
    if problem.fields.is_empty() { Ok(ids) } else { Err(problem) }
}

fn check_unit(problem: &mut Problem, field: &str, unit: &Unit) {
    if !is_word(&unit.unit_id) {
        note(
            problem,
            &format!("{field}.unit_id"),
            "应为 1–64 个字母、数字或 - _ .",
            "must be 1–64 letters, digits or - _ .",
        );
    }
    if !UNIT_KINDS.contains(&unit.kind.as_str()) {
        note(
            problem,
            &format!("{field}.kind"),
            "应为 group、region、branch 或 department",
            "must be group, region, branch or department",
        );
    }
    if !is_name(&unit.name.zh) && !is_name(&unit.name.en) {
        note(problem, &format!("{field}.name"), "名称不能为空或过长", "a name is needed, of at most 200 characters");
    }
    if !unit.zone.is_empty() && unit.zone.parse::<chrono_tz::Tz>().is_err() {
        note(
            problem,
            &format!("{field}.zone"),
            "不是 IANA 时区名,例如 Asia/Shanghai;留空则同上级",
            "not an IANA zone such as Asia/Shanghai; leave it empty to take the parent's",
        );
    }
    let is_tag = |tag: &str| !tag.is_empty() && tag.chars().count() <= 64 && !tag.chars().any(char::is_whitespace);
    if !unit.charges.iter().all(|tag| is_tag(tag)) {
        note(
            problem,
            &format!("{field}.charges"),
            "职责标签应为 1–64 个字符，不含空格，例如 category:noise",
            "what a unit has charge of is 1–64 characters without a space, such as category:noise",
        );
    }
}

/// One root, known parents, and no unit above itself.
fn check_tree(problem: &mut Problem, wanted: &[Unit], units: &BTreeMap<&str, &Unit>) {
    let roots = units.values().filter(|unit| unit.parent_id.is_none()).count();
    for (i, unit) in wanted.iter().enumerate() {
        let field = format!("units[{i}].parent_id");
        match &unit.parent_id {
            None if roots > 1 => {
                note(problem, &field, "已有最高单位,只能有一个", "there is a root already, and only one may be")
            }
            None => {}
            Some(parent) if !units.contains_key(parent.as_str()) => {
                note(problem, &field, "没有这个上级单位", "there is no such parent unit");
            }
            Some(_) if is_above_itself(unit, units) => {
                note(problem, &field, "上下级关系成环", "the unit would be above itself");
            }
            Some(_) => {}
        }
    }
    if let (0, Some(_)) = (roots, wanted.first()) {
        note(problem, "units", "缺少最高单位", "a root unit is missing");
    }
}

fn is_above_itself(unit: &Unit, units: &BTreeMap<&str, &Unit>) -> bool {
    let mut seen = BTreeSet::new();
    let mut above = unit.parent_id.as_deref();
    while let Some(id) = above {
        if id == unit.unit_id {
            return true;
        }
        // A circle further up is named at the units that make it.
        if !seen.insert(id) {
            return false;
        }
        above = units.get(id).and_then(|unit| unit.parent_id.as_deref());
    }
    false
}

/// Who each wanted person is, and that no login would be borne twice.
fn check_staff(
    problem: &mut Problem,
    now: &Organisation,
    wanted: &Wanted,
    next_id: &mut impl FnMut() -> StaffId,
) -> Vec<StaffId> {
    let by_login: BTreeMap<&str, StaffId> =
        now.staff.values().map(|person| (person.login.as_str(), person.staff_id)).collect();
    let mut logins: BTreeMap<StaffId, &str> =
        now.staff.values().map(|Person { staff_id, login, .. }| (*staff_id, login.as_str())).collect();
    let mut ids = Vec::with_capacity(wanted.staff.len());
    let mut named = BTreeSet::new();
    for (i, person) in wanted.staff.iter().enumerate() {
        let known = person.staff_id.or_else(|| by_login.get(person.login.as_str()).copied());
        let staff_id = known.unwrap_or_else(&mut *next_id);
        if !named.insert(staff_id) {
            note(problem, &format!("staff[{i}].staff_id"), "本次变更中重复", "named twice in this change");
        }
        logins.insert(staff_id, &person.login);
        ids.push(staff_id);
    }
    let mut bearers: BTreeMap<&str, u32> = BTreeMap::new();
    for login in logins.values() {
        *bearers.entry(login).or_default() += 1;
    }
    for (i, person) in wanted.staff.iter().enumerate() {
        if bearers.get(person.login.as_str()).is_some_and(|count| *count > 1) {
            note(problem, &format!("staff[{i}].login"), "登录名已被使用", "this login is taken");
        }
    }
    ids
}

fn check_person(problem: &mut Problem, field: &str, person: &PersonWanted, units: &BTreeMap<&str, &Unit>) {
    let is_login = (1..=LONGEST_WORD).contains(&person.login.chars().count())
        && !person.login.chars().any(|c| c.is_whitespace() || c.is_control());
    if !is_login {
        note(problem, &format!("{field}.login"), "应为 1–64 个字符,不含空白", "must be 1–64 characters without blanks");
    }
    if !is_name(&person.name) {
        note(problem, &format!("{field}.name"), "姓名不能为空或过长", "a name is needed, of at most 200 characters");
    }
    let is_email = person.email.is_empty()
        || (person.email.len() <= 254
            && person.email.split_once('@').is_some_and(|(local, host)| !local.is_empty() && !host.is_empty())
            && !person.email.chars().any(|c| c.is_whitespace() || c.is_control()));
    if !is_email {
        note(problem, &format!("{field}.email"), "不是电子邮箱地址", "not an e-mail address");
    }
    for (i, grant) in person.grants.iter().enumerate() {
        if !is_word(&grant.role) {
            note(problem, &format!("{field}.grants[{i}].role"), "岗位名不正确", "not the name of a role");
        }
        if !units.contains_key(grant.unit_id.as_str()) {
            note(problem, &format!("{field}.grants[{i}].unit_id"), "没有这个单位", "there is no such unit");
        }
    }
    if let Password::Chosen(password) = &person.password
        && !(SHORTEST_PASSWORD..=LONGEST_PASSWORD).contains(&password.expose_secret().chars().count())
    {
        note(problem, &format!("{field}.new_password"), "密码应为 8–200 个字符", "a password has 8 to 200 characters");
    }
}

fn is_word(text: &str) -> bool {
    (1..=LONGEST_WORD).contains(&text.len())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
}

fn is_name(text: &str) -> bool {
    !text.trim().is_empty() && text.chars().count() <= LONGEST_NAME && !text.chars().any(char::is_control)
}

fn note(problem: &mut Problem, field: &str, zh: &str, en: &str) {
    problem.fields.push(kit_core::FieldProblem { field: field.to_owned(), text: kit_core::Text::new(zh, en) });
}
