//! Until when somebody may still come back: a term of the regime after a fact, counted as the clocks are.

use chrono::{DateTime, NaiveDate, Utc};
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
    let due: Due = ground.counting().due(&length, from, None).filter(|due| now >= due.at)?;
    Some(due.last_day.unwrap_or_else(|| due.at.with_timezone(&ground.zone).date_naive()))
}
