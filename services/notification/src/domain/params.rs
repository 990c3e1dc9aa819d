//! What a template may put into its text beside what the vault holds: the number, the unit, the due date, the stage, the
//! clock, the ground and a date promised. Never who complains, never of whom, never what about.

use super::Case;
use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use chrono_tz::Tz;
use kit_core::Text;
use organisation::Directory;
use regime::Regime;
use serde::{Deserialize, Serialize};

/// The values of the placeholders, in both languages, as they were when the fact happened.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Params {
    pub(crate) number: String,
    pub(crate) unit: Text,
    pub(crate) due: Text,
    pub(crate) stage: Text,
    pub(crate) clock: Text,
    /// On which ground the matter is not ours, and what is said of it.
    pub(crate) ground: Text,
    pub(crate) say: Text,
    /// The date last set for the clock in question, or for any.
    pub(crate) promised: Text,
    /// Where the reader may turn against what was decided, as the regime says; staff may have written something else.
    pub(crate) redress: Text,
    /// A recurring duty, and its period.
    pub(crate) duty: Text,
    pub(crate) period: Text,
}

impl Params {
    /// The values for `case` now; `clock` and `due_at` where the fact is about a clock.
    pub(crate) fn of(
        case: &Case,
        regime: &Regime,
        directory: &Directory,
        clock: Option<&str>,
        due_at: Option<DateTime<Utc>>,
    ) -> Self {
        let zone = directory.zone(&case.view.unit_id).parse().unwrap_or(Tz::Asia__Shanghai);
        let due = due_at.or_else(|| clock.and_then(|c| case.dues.get(c).copied()));
        let due = due.or_else(|| case.dues.values().min().copied());
        let title = |name: &str| regime.clocks.iter().find(|c| c.name == name).map(|c| c.title.clone());
        let ground = regime.scope.iter().find(|ground| case.view.ground.as_ref() == Some(&ground.id));
        let is_meant = |clock: &str| case.view.dates.iter().rev().find(|date| date.clock == clock);
        let promised = clock.and_then(is_meant).or_else(|| case.view.dates.last());
        Self {
            number: case.view.number.clone(),
            unit: directory.unit(&case.view.unit_id).map(|u| u.name.clone()).unwrap_or_default(),
            due: due.map(|at| local(at, zone)).unwrap_or_default(),
            stage: case.view.stage().title(),
            clock: clock.and_then(title).unwrap_or_default(),
            ground: ground.map(|ground| ground.title.clone()).unwrap_or_default(),
            say: ground.map(|ground| ground.say.clone()).unwrap_or_default(),
            promised: promised.map(|set| day(set.date)).unwrap_or_default(),
            redress: Text::default(),
            duty: Text::default(),
            period: Text::default(),
        }
    }

    /// The values for a recurring duty in a unit, from the first day of its period to the last.
    pub(crate) fn of_duty(
        directory: &Directory,
        unit: &str,
        duty: Text,
        (first, last): (&str, &str),
        due_at: Option<DateTime<Utc>>,
    ) -> Self {
        let zone = directory.zone(unit).parse().unwrap_or(Tz::Asia__Shanghai);
        let said = |date: &str| date.parse().map_or_else(|_| Text::new(date, date), day);
        let (first, last) = (said(first), said(last));
        Self {
            unit: directory.unit(unit).map(|unit| unit.name.clone()).unwrap_or_default(),
            due: due_at.map(|at| local(at, zone)).unwrap_or_default(),
            duty,
            period: Text::new(format!("{}至{}", first.zh, last.zh), format!("{} to {}", first.en, last.en)),
            ..Self::default()
        }
    }
}

fn day(day: NaiveDate) -> Text {
    Text::new(day.format("%Y年%-m月%-d日").to_string(), day.to_string())
}

/// The instant as people say it; a day ends at 24:00, not at 0:00 of the next.
fn local(at: DateTime<Utc>, zone: Tz) -> Text {
    let there = at.with_timezone(&zone).naive_local();
    if there.time() == NaiveTime::MIN {
        let day = there.date() - TimeDelta::days(1);
        return Text::new(day.format("%Y年%-m月%-d日24:00").to_string(), day.format("%Y-%m-%d 24:00").to_string());
    }
    Text::new(there.format("%Y年%-m月%-d日%H:%M").to_string(), there.format("%Y-%m-%d %H:%M").to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_day_is_said_as_24_00_of_that_day() {
        let end: DateTime<Utc> = "2026-04-17T16:00:00Z".parse().unwrap();
        assert_eq!(local(end, Tz::Asia__Shanghai).zh, "2026年4月17日24:00");
        assert_eq!(local(end - TimeDelta::minutes(1), Tz::Asia__Shanghai).en, "2026-04-17 23:59");
    }
}
