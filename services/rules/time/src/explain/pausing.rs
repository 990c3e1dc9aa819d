//! The pauses of an account: from when to when, by which clause, and which days they cost.

use super::wording::{cited, instant};
use crate::count::{Counting, Days};
use crate::pauses::Standstill;
use crate::state::ClockState;
use chrono::NaiveDate;
use kit_core::Text;

/// The days that the pauses of the run leave uncounted.
pub(super) fn still(counting: &Counting<'_>, clock: &ClockState) -> Vec<Days> {
    let whiles: Vec<_> = clock.pauses.iter().filter_map(Standstill::closed).collect();
    counting.still_days(clock.started_at, &whiles)
}

/// Each pause in a line.
pub(super) fn lines(counting: &Counting<'_>, clock: &ClockState) -> Vec<Text> {
    let line = |pause: &Standstill| {
        let at = |when| instant(when, counting.zone);
        let (from, cite) = (at(pause.from), cited(&pause.cite));
        let (zh, en) = if pause.is_suspension { ("挂账", "Suspended") } else { ("暂停", "Paused") };
        match (pause.until, pause.at_most) {
            (Some(until), _) => Text::new(
                format!("{zh}:{from} 至 {},其间不计入期限{}", at(until), cite.zh),
                format!("{en}: {from} to {}, not counted{}", at(until), cite.en),
            ),
            (None, Some(most)) => Text::new(
                format!("{zh}:自 {from} 起停止计时,最迟至 {}{}", at(most), cite.zh),
                format!("{en}: stands still since {from}, until {} at the latest{}", at(most), cite.en),
            ),
            (None, None) => Text::new(
                format!("{zh}:自 {from} 起停止计时,恢复后到期日顺延{}", cite.zh),
                format!("{en}: stands still since {from}; the deadline moves when it goes on{}", cite.en),
            ),
        }
    };
    clock.pauses.iter().map(line).collect()
}

/// Why a day is not counted, if a pause is why.
pub(super) fn reason(still: &[Days], date: NaiveDate) -> Option<Text> {
    let is_still = still.iter().any(|(first, next)| (*first..*next).contains(&date));
    is_still.then(|| Text::new("暂停", "paused"))
}

/// The uncounted days from `first` to the day before `next`.
pub(super) fn days(first: NaiveDate, next: NaiveDate) -> Text {
    let (last, n) = (next.pred_opt().unwrap_or(next), (next - first).num_days());
    Text::new(format!("{first} 至 {last}:暂停,顺延 {n} 日"), format!("{first} to {last}: paused, {n} more days"))
}
