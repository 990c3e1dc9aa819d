//! Legal time: a calendar, the counting of periods, and the clocks of a case derived from its facts. Pure: no IO, and
//! no present but the one that is handed in.

mod breach;
mod calendar;
mod count;
mod day;
mod derive;
mod diff;
mod duty;
mod explain;
mod hours;
mod office;
mod pauses;
mod runs;
mod state;
mod story;
mod term;
mod timetable;
mod week;

pub use breach::{Found, breaches};
pub use calendar::{Calendar, CalendarError, Day, DayKind, DayMark, Layer, Shelf};
pub use chrono_tz::Tz;
pub use count::{Counting, Due};
pub use day::{end_of, zone};
pub use derive::{derive, next_change};
pub use diff::{Change, Changed, diff};
pub use duty::{DutyRun, duty_runs};
pub use explain::explain;
pub use hours::Hours;
pub use pauses::Standstill;
pub use regime::{Ends, Office, Roll};
pub use state::{ClockState, Grant, Mark, Phase, Stop, What};
pub use story::{Dated, Granted, Happening, Matter, More, Story, Suspended};

#[cfg(test)]
mod properties;
#[cfg(test)]
mod rows;
#[cfg(test)]
mod samples;
