//! Whether a unit is at work at an instant: for limits that differ by the hour at which they start.

use crate::count::Counting;
use crate::day;
use chrono::{DateTime, Timelike as _, Utc};
use regime::Office;

impl Counting<'_> {
    /// What the unit does at this instant. Where no hours are kept, a working day is open from midnight to midnight.
    pub fn office(&self, at: DateTime<Utc>) -> Office {
        let local = day::clamped(at).with_timezone(&self.zone).naive_local();
        let hours = self.calendar.hours(local.date());
        let minute = u16::try_from(local.hour() * 60 + local.minute()).unwrap_or(0);
        match hours.at(minute) {
            _ if hours.is_closed() => Office::DayOff,
            Some(true) => Office::Open,
            Some(false) => Office::Closed,
            None => Office::Break,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::{Calendar, Layer};
    use crate::samples::{at, cn, shanghai};

    #[test]
    fn the_hour_and_the_calendar_say_whether_a_unit_is_at_work() {
        use Office::{Break, Closed, DayOff, Open};
        let nation = Layer::from_csv("cn", &packs::calendar("cn").unwrap()).unwrap();
        let hours = "date,kind,name\nmon-fri,hours,08:30-12:00 14:00-18:00\nmake-up,hours,09:00-12:00\n";
        let branch = Layer::from_csv("branch", hours).unwrap();
        let calendar = Calendar::layered("branch", &[&nation, &branch]).unwrap();
        let office = |when: &str| shanghai(&calendar).office(at(when));
        let told = ["08:29", "08:30", "11:59", "12:00", "14:00", "17:59", "18:00"];
        let told = told.map(|time| office(&format!("2026-11-17 {time}")));
        assert_eq!(told, [Closed, Open, Open, Break, Open, Open, Closed]);
        assert_eq!(office("2026-11-21 10:00"), DayOff);
        assert_eq!(office("2026-10-01 10:00"), DayOff);
        assert_eq!((office("2026-10-10 10:00"), office("2026-10-10 15:00")), (Open, Closed));
        assert_eq!(shanghai(cn()).office(at("2026-11-17 03:00")), Open);
    }
}
