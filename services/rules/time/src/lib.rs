//! Legal time: a calendar, the counting of periods, and the clocks of a case derived from its facts. Pure: no IO, and
//! no present but the one that is handed in.

mod calendar;
mod count;
mod day;
mod derive;
mod diff;
mod explain;
mod hours;
mod office;
mod pauses;
mod runs;
mod state;
mod story;
mod timetable;
mod week;

pub use calendar::{Calendar, CalendarError, Day, DayKind, DayMark, Layer, Shelf};
pub use chrono_tz::Tz;
pub use count::{Counting, Due};
pub use day::{end_of, zone};
pub use derive::{derive, next_change};
pub use diff::{Change, Changed, diff};
pub use explain::explain;
pub use hours::Hours;
pub use pauses::Standstill;
pub use regime::{Ends, Office, Roll};
pub use state::{ClockState, Mark, Phase, Stop, What};
pub use story::{Granted, Happening, Matter, Story};

#[cfg(test)]
mod properties;
#[cfg(test)]
mod rows;
#[cfg(test)]
mod samples;
