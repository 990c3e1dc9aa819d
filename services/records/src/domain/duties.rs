//! A recurring duty in one unit and one period: how it stands, whose it is, and who may know of it. Pure.

use super::{publicity, refusal, scope::below};
use chrono::{DateTime, NaiveDate, Utc};
use facts::Law;
use kit_core::Problem;
use organisation::Directory;
use regime::{Duty, PublicityOf, Regime, vocabulary::STATISTICS};
use std::sync::Arc;
use uuid::Uuid;

/// The longest text of a duty, in characters, and the most papers that it names.
const LONGEST: usize = 20_000;
const LONGEST_NAME: usize = 200;
const MOST_FILES: usize = 20;

/// Which one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Key {
    pub(crate) unit_id: String,
    pub(crate) regime_id: String,
    pub(crate) duty: String,
    /// The first day of the period.
    pub(crate) period: String,
}

/// A duty that somebody owes, or has done.
#[derive(Clone, Debug)]
pub(crate) struct Owed {
    pub(crate) duty_id: Uuid,
    pub(crate) regime_id: String,
    pub(crate) regime_version: u32,
    pub(crate) duty: String,
    pub(crate) unit_id: String,
    pub(crate) first_day: NaiveDate,
    pub(crate) last_day: NaiveDate,
    pub(crate) due_at: DateTime<Utc>,
    pub(crate) role: String,
    pub(crate) done_to: String,
    pub(crate) cite: String,
    pub(crate) done_at: Option<DateTime<Utc>>,
    pub(crate) done_by: String,
}

impl Owed {
    /// `open`, `overdue` or `done`.
    pub(crate) fn state(&self, now: DateTime<Utc>) -> &'static str {
        match self.done_at {
            Some(_) => "done",
            None if self.due_at <= now => "overdue",
            None => "open",
        }
    }

    /// Whether it was done before its time was over.
    pub(crate) fn is_on_time(&self) -> bool {
        self.done_at.is_some_and(|done| done < self.due_at)
    }

    /// The law by which it is owed.
    pub(crate) fn regime(&self, law: &Law) -> Option<Arc<Regime>> {
        law.regime(&self.regime_id, self.regime_version)
    }

    /// Whether this person may do it: they hold its role in the unit or above it.
    pub(crate) fn may_do(&self, directory: &Directory, staff: &str) -> bool {
        directory.holds(staff, &self.role, &self.unit_id)
    }

    /// Whether this person shows its figures to the public: they hold the role that the rule names, in the unit or above it.
    pub(crate) fn may_publish(&self, law: &Law, staff: &str) -> bool {
        let Some(regime) = self.regime(law) else { return false };
        let has_figures = rule(&regime, &self.duty).is_some_and(|duty| duty.holds.iter().any(|one| one == STATISTICS));
        let by = regime.publicity(PublicityOf::Summary).map(|rule| rule.by.as_str());
        has_figures && by.is_some_and(|by| law.directory().holds(staff, by, &self.unit_id))
    }

    /// Whether this person may know of it: who may do it, to whom it is done, and who may see the figures of the unit.
    pub(crate) fn may_know(&self, law: &Law, staff: &str) -> bool {
        let holds = |role: &str| law.directory().holds(staff, role, &self.unit_id);
        let figures =
            self.regime(law).is_some_and(|regime| regime.roles_for("statistics").iter().any(|role| holds(role)));
        holds(&self.role) || holds(&self.done_to) || figures
    }
}

/// The rule of a duty.
pub(crate) fn rule<'r>(regime: &'r Regime, duty: &str) -> Option<&'r Duty> {
    regime.records.duties.iter().find(|one| one.id == duty)
}

/// Where a person may know of duties, as three columns of equal length: in a unit, under a regime (empty: any), those that a
/// role (empty: any) does or is given.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scope {
    pub(crate) units: Vec<String>,
    pub(crate) regimes: Vec<String>,
    pub(crate) roles: Vec<String>,
    /// Those that a role is given, too.
    pub(crate) is_given: bool,
}

impl Scope {
    fn add(&mut self, unit: &str, regime: &str, role: &str) {
        self.units.push(unit.to_owned());
        self.regimes.push(regime.to_owned());
        self.roles.push(role.to_owned());
    }
}

/// The duties that this person owes: those of their roles where they are, or where nobody nearer holds the role.
pub(crate) fn mine(law: &Law, staff: &str) -> Scope {
    let directory = law.directory();
    let mut scope = Scope::default();
    for grant in directory.staff(staff).filter(|one| one.is_active).into_iter().flat_map(|one| &one.grants) {
        for unit in below(directory, &grant.unit) {
            if directory.holders(&grant.role, &unit).iter().any(|holder| holder.id == staff) {
                scope.add(&unit, "", &grant.role);
            }
        }
    }
    scope
}

/// The duties in these units that this person may know of.
pub(crate) fn known(law: &Law, staff: &str, units: &[String]) -> Scope {
    let directory = law.directory();
    let mut scope = Scope { is_given: true, ..Scope::default() };
    for grant in directory.staff(staff).filter(|one| one.is_active).into_iter().flat_map(|one| &one.grants) {
        let counted = law.published().filter(|(regime, ..)| regime.roles_for("statistics").contains(&grant.role));
        let counted: Vec<&str> = counted.map(|(regime, ..)| regime.id.as_str()).collect();
        for unit in units.iter().filter(|unit| directory.is_within(unit, &grant.unit)) {
            scope.add(unit, "", &grant.role);
            counted.iter().for_each(|regime| scope.add(unit, regime, ""));
        }
    }
    scope
}

/// What is written when a duty is done, as it is kept: it names nobody. A duty that holds nothing by itself says what was
/// done.
pub(crate) fn written(rule: Option<&Duty>, text: &str, files: &[String]) -> Result<(String, Vec<String>), Problem> {
    let text = text.trim().to_owned();
    if text.chars().count() > LONGEST {
        return Err(refusal::too_long("text", LONGEST));
    }
    let files: Vec<String> = files.iter().map(|file| file.trim().to_owned()).filter(|file| !file.is_empty()).collect();
    if files.len() > MOST_FILES {
        let (zh, en) = (format!("最多填写 {MOST_FILES} 份材料"), format!("At most {MOST_FILES} papers"));
        return Err(Problem::field("files", "too-many", zh, en));
    }
    if files.iter().any(|file| file.chars().count() > LONGEST_NAME) {
        return Err(refusal::too_long("files", LONGEST_NAME));
    }
    // It belongs to no case, so it outlives them all, and no key under which it could be sealed ends with theirs.
    let telling = if publicity::tells_who(&text) { Some("text") } else { None };
    let telling = telling.or_else(|| files.iter().any(|file| publicity::tells_who(file)).then_some("files"));
    if let Some(field) = telling {
        let zh = "任务内容在案卷销毁后仍然保存，不得含有电话、证件号码或邮箱等能识别个人的信息；日期请写作 2026-04-01";
        let en = "What is written of a duty outlives the files: it must not hold a telephone number, an identity number or an \
                  address; write days as 2026-04-01";
        return Err(Problem::field(field, "tells-who", zh, en));
    }
    if text.is_empty() && files.is_empty() && rule.is_none_or(|rule| rule.holds.is_empty()) {
        let cite = rule.map(|rule| rule.cite.as_str()).unwrap_or_default();
        let (zh, en) = (
            format!("请写明做了什么，或材料存放何处（{cite}）"),
            format!("Say what was done, or where the papers lie ({cite})"),
        );
        return Err(Problem::field("text", "text-needed", zh, en));
    }
    Ok((text, files))
}
