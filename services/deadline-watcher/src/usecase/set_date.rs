//! Setting a day for a clock of one case: a date promised or prescribed, or the day from which the clock counts.

use super::more::unknown_clock;
use super::{open, rule_of, seen, settle, unguarded};
use crate::domain::Watched;
use crate::law::{Ground, House};
use chrono::{DateTime, NaiveDate, Utc};
use contracts::Fact;
use contracts::deadline_watcher::DateSet;
use kit_core::Problem;
use kit_ids::{CaseId, StaffId};
use kit_messaging::Tx;
use regime::{Clock, Length};

/// The command.
#[derive(Clone, Debug)]
pub(crate) struct SetDate {
    pub(crate) case_id: CaseId,
    pub(crate) staff: StaffId,
    /// The version that they have seen; 0 is any.
    pub(crate) version: u64,
    pub(crate) clock: String,
    /// In the unit's zone.
    pub(crate) date: NaiveDate,
}

/// Records the day. It governs from now on; the last that was set corrects those before it.
pub(crate) async fn set_date(tx: &mut Tx, house: &House, set: SetDate) -> kit_db::Result<()> {
    let (case, ground) = open(tx, house, set.case_id, set.staff).await?;
    let set_by = set.staff.to_string();
    let command = command(&set.clock);
    facts::authorise(house, &case.view, &set_by, &command)?;
    seen(&case, set.version)?;
    unguarded(&ground, &case, &command)?;
    let rule = dated(&case, &ground, &set.clock)?;
    check(&ground, rule, set.date, tx.now())?;
    let (case_id, date, cite) = (set.case_id.to_string(), set.date.to_string(), rule.cite.clone());
    let set = DateSet { case_id, clock: set.clock, date, set_by, cite };
    settle(tx, case, &ground, [Fact::DateSet(set)]).await
}

/// The command as regimes permit and guard it, for one clock alone or for all.
pub(crate) fn command(clock: &str) -> String {
    format!("set-date({clock})")
}

/// The rule of a clock for which a day may be set.
///
/// # Errors
/// There is no such clock, it takes no day, or the case is over.
pub(crate) fn dated<'a>(case: &Watched, ground: &'a Ground, name: &str) -> Result<&'a Clock, Problem> {
    let rule = rule_of(ground, name).ok_or_else(unknown_clock)?;
    if !takes_date(rule) {
        let (zh, en) = ("该时限不由人确定日期", "No date is set for this limit");
        return Err(Problem::conflict("no-date-to-set", zh, en));
    }
    if !case.view.is_open() {
        return Err(Problem::conflict("case-over", "案件已办结", "The case is over"));
    }
    Ok(rule)
}

/// Whether the clock ends or starts on a day that somebody sets.
pub(crate) fn takes_date(rule: &Clock) -> bool {
    rule.is_from_date || rule.within.iter().any(|term| term.take.contains(&Length::Set))
}

fn check(ground: &Ground, rule: &Clock, date: NaiveDate, now: DateTime<Utc>) -> Result<(), Problem> {
    let counting = ground.counting();
    let today = now.with_timezone(&counting.zone).date_naive();
    if rule.is_from_date && date > today {
        let (zh, en) = ("起算日不能晚于今天", "What a clock counts from cannot lie in the future");
        return Err(Problem::field("date", "date-in-future", zh, en));
    }
    if !rule.is_from_date && counting.ending(date).at <= now {
        let (zh, en) = ("确定的日期已过", "The date has passed already");
        return Err(Problem::field("date", "date-passed", zh, en));
    }
    Ok(())
}
