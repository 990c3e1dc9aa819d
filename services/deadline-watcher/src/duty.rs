//! Which recurring duties are to be opened now, in which units, and when the next one is. Pure.

use crate::law::House;
use chrono::{DateTime, Months, NaiveDate, Utc};
use contracts::deadline_watcher::DutyDue;
use kit_grpc::timestamp;
use legal_time::{DutyRun, duty_runs};
use organisation::Unit;
use regime::{Duty, Regime};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A duty of a regime in a unit.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Key {
    pub(crate) regime_id: String,
    pub(crate) duty: String,
    pub(crate) unit_id: String,
}

/// One of its periods, to be opened.
#[derive(Clone, Debug)]
pub(crate) struct Opening {
    pub(crate) key: Key,
    pub(crate) run: DutyRun,
    pub(crate) regime_version: u32,
    pub(crate) role: String,
    pub(crate) to: String,
    pub(crate) cite: String,
}

/// What a look finds.
#[derive(Clone, Debug, Default)]
pub(crate) struct Found {
    pub(crate) openings: Vec<Opening>,
    /// When the next period of any duty opens.
    pub(crate) next: Option<DateTime<Utc>>,
}

/// The periods that have begun and were not opened: of a duty that is new in a unit the present one, of any other all
/// since the last. `last` is the first day of the last period that was opened.
pub(crate) fn look(house: &House, last: &BTreeMap<Key, NaiveDate>, now: DateTime<Utc>) -> Found {
    let mut found = Found::default();
    for unit in house.directory().units().filter(|unit| !unit.is_closed) {
        for (regime, version) in in_force(house, &unit.id, now) {
            let Ok(ground) = house.ground_in(Arc::clone(&regime), &unit.id) else { continue };
            for duty in regime.records.duties.iter().filter(|duty| owes(house, unit, &regime, duty, now)) {
                let (regime_id, unit_id) = (regime.id.clone(), unit.id.clone());
                let key = Key { regime_id, duty: duty.id.clone(), unit_id };
                let before = last.get(&key).copied();
                let about = Months::new(duty.months.saturating_mul(2).saturating_add(2));
                let since = now.checked_sub_months(about).unwrap_or(now);
                let known = before.and_then(|day| day.and_hms_opt(0, 0, 0)).map(|at| at.and_utc());
                let from = known.map_or(since, |known| known.min(since));
                let until = now.checked_add_months(about).unwrap_or(now);
                let runs = duty_runs(duty, &ground.counting(), from, until);
                found.next =
                    found.next.into_iter().chain(runs.iter().map(|run| run.opens_at).find(|at| *at > now)).min();
                let is_governed = |run: &&DutyRun| regime.in_force_from.is_none_or(|from| run.last_day >= from);
                let begun: Vec<&DutyRun> = runs.iter().filter(|run| run.opens_at <= now).filter(is_governed).collect();
                let new: Vec<&DutyRun> = match before {
                    Some(before) => begun.into_iter().filter(|run| run.first_day > before).collect(),
                    // What was due before anybody watched was not ours to open.
                    None => begun.into_iter().last().filter(|run| run.due.at > now).into_iter().collect(),
                };
                found.openings.extend(new.into_iter().map(|run| opening(&key, duty, version, *run)));
            }
        }
    }
    found
}

fn opening(key: &Key, duty: &Duty, regime_version: u32, run: DutyRun) -> Opening {
    let (role, to, cite) = (duty.role.clone(), duty.to.clone(), duty.cite.clone());
    Opening { key: key.clone(), run, regime_version, role, to, cite }
}

fn in_force(house: &House, unit: &str, now: DateTime<Utc>) -> Vec<(Arc<Regime>, u32)> {
    let zone = legal_time::zone(house.directory().zone(unit)).unwrap_or(legal_time::Tz::UTC);
    house.regimes_for(unit, "", now.with_timezone(&zone).date_naive())
}

/// A duty is owed by each unit in which somebody holds its role; where nobody does, by the uppermost under the regime, so
/// that it is not forgotten.
fn owes(house: &House, unit: &Unit, regime: &Regime, duty: &Duty, now: DateTime<Utc>) -> bool {
    let directory = house.directory();
    let holds = |is_there: &dyn Fn(&str) -> bool| {
        let mut staff = directory.all_staff().filter(|staff| staff.is_active);
        staff.any(|staff| staff.grants.iter().any(|grant| grant.role == duty.role && is_there(&grant.unit)))
    };
    if holds(&|at| at == unit.id) {
        return true;
    }
    let is_under = |unit: &str| in_force(house, unit, now).iter().any(|(other, _)| other.id == regime.id);
    let is_uppermost = unit.parent.as_ref().is_none_or(|parent| directory.unit(parent).is_none() || !is_under(parent));
    is_uppermost && !holds(&|at| directory.is_within(at, &unit.id))
}

impl Opening {
    /// The event that tells it.
    pub(crate) fn event(&self) -> DutyDue {
        DutyDue {
            unit_id: self.key.unit_id.clone(),
            duty: self.key.duty.clone(),
            period: self.run.first_day.to_string(),
            due_at: Some(timestamp(self.run.due.at)),
            role: self.role.clone(),
            to: self.to.clone(),
            cite: self.cite.clone(),
            regime_id: self.key.regime_id.clone(),
            regime_version: self.regime_version,
            last_day: self.run.last_day.to_string(),
        }
    }
}
