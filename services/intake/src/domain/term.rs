//! Until when somebody may still come back: a term of the regime after a fact, counted as the clocks are.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use house::{Ground, House};
use kit_core::{Class, Problem};
use legal_time::Due;
use regime::Length;

/// What the terms of a case are counted on.
///
/// # Errors
/// Its calendar or its unit is not here yet.
pub(crate) fn ground(house: &House, view: &facts::CaseView) -> Result<Ground, Problem> {
    house.ground(view).map_err(|missing| {
        Problem::new(
            Class::Transient,
            "not-here-yet",
            format!("所需资料尚未收到（{missing}），请稍后再试"),
            format!("Not here yet: {missing}; try again later"),
        )
    })
}

/// The last day of a term that is over.
pub(crate) fn passed(ground: &Ground, length: Length, from: DateTime<Utc>, now: DateTime<Utc>) -> Option<NaiveDate> {
    ends(ground, length, from).filter(|(at, _)| now >= *at).map(|(_, day)| day)
}

/// The last day of a term, whether or not it is over.
pub(crate) fn last_day(ground: &Ground, length: Length, from: DateTime<Utc>) -> Option<NaiveDate> {
    ends(ground, length, from).map(|(_, day)| day)
}

fn ends(ground: &Ground, length: Length, from: DateTime<Utc>) -> Option<(DateTime<Utc>, NaiveDate)> {
    let due: Due = ground.counting().due(&length, from, None)?;
    // What ends with an instant ends on the day of the moment before it.
    let day = || (due.at - TimeDelta::nanoseconds(1)).with_timezone(&ground.zone).date_naive();
    Some((due.at, due.last_day.unwrap_or_else(day)))
}
