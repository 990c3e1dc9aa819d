//! The hours of each day of the week, and of days that are worked out of turn.

use crate::hours::Hours;
use crate::week::Week;
use chrono::{Datelike as _, NaiveDate};
use kit_core::Text;
use regime::nearest;

/// The hours of a week, and of days that are worked out of turn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Timetable {
    days: [Hours; 7],
    make_up: Option<Hours>,
}

/// Which hours of a timetable a line gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Slot {
    /// Counted from Monday, 0 to 6.
    Weekday(u8),
    MakeUp,
}

const SLOTS: [&str; 8] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun", "make-up"];

impl Slot {
    /// One day, several as in `mon-fri`, or `make-up`.
    pub(crate) fn read(text: &str) -> Result<Vec<Self>, Text> {
        if text == "make-up" {
            return Ok(vec![Self::MakeUp]);
        }
        let (from, to) = text.split_once('-').unwrap_or((text, text));
        let day = |name: &str| (0_u8..7).zip(SLOTS).find(|(_, known)| *known == name).map(|(day, _)| day);
        let unknown = |name: &str| match nearest(name, SLOTS) {
            Some(near) => Text::new(
                format!("没有“{name}”这一天；是否指“{near}”？"),
                format!("there is no day `{name}`; did you mean `{near}`?"),
            ),
            None => Text::new(
                format!("没有“{name}”这一天；可用的有：{}", SLOTS.join("、")),
                format!("there is no day `{name}`; there are: {}", SLOTS.join(", ")),
            ),
        };
        let (first, last) = (day(from).ok_or_else(|| unknown(from))?, day(to).ok_or_else(|| unknown(to))?);
        if first > last {
            return Err(Text::new(
                format!("“{text}”的结束早于开始；是否指“{to}-{from}”？"),
                format!("`{text}` ends before it starts; did you mean `{to}-{from}`?"),
            ));
        }
        Ok((first..=last).map(Self::Weekday).collect())
    }

    /// As a line names it.
    pub(crate) fn name(self) -> &'static str {
        let index = match self {
            Self::Weekday(day) => usize::from(day),
            Self::MakeUp => 7,
        };
        SLOTS.get(index).copied().unwrap_or_default()
    }
}

impl Default for Timetable {
    /// Monday to Friday, with no hours kept.
    fn default() -> Self {
        let worked = |day| if day < 5 { Hours::whole_day() } else { Hours::default() };
        Self { days: std::array::from_fn(worked), make_up: None }
    }
}

impl Timetable {
    pub(crate) fn set(&mut self, slot: Slot, hours: Hours) {
        match slot {
            Slot::MakeUp => self.make_up = Some(hours),
            Slot::Weekday(day) => {
                if let Some(place) = self.days.get_mut(usize::from(day)) {
                    *place = hours;
                }
            }
        }
    }

    /// Its pattern of worked days; none if no day is.
    pub(crate) fn week(&self) -> Option<Week> {
        Week::new(std::array::from_fn(|day| self.days.get(day).is_some_and(|hours| !hours.is_closed())))
    }

    /// What it says that the ordinary week does not.
    pub(crate) fn said(&self) -> impl Iterator<Item = (Slot, &Hours)> {
        let ordinary = Self::default();
        let differs = move |(day, hours): &(u8, &Hours)| ordinary.days.get(usize::from(*day)) != Some(*hours);
        let week = (0_u8..).zip(&self.days).filter(differs).map(|(day, hours)| (Slot::Weekday(day), hours));
        week.chain(self.make_up.as_ref().map(|hours| (Slot::MakeUp, hours)))
    }

    /// The hours of an ordinary day of the week.
    pub(crate) fn of(&self, date: NaiveDate) -> Hours {
        let day = usize::try_from(date.weekday().num_days_from_monday()).unwrap_or(0);
        self.days.get(day).cloned().unwrap_or_default()
    }

    /// The hours of a day worked out of turn: its own where the house says so, else those of the first working day.
    pub(crate) fn of_make_up(&self) -> Hours {
        let first = self.days.iter().find(|hours| !hours.is_closed());
        self.make_up.as_ref().or(first).cloned().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_named_alone_or_in_a_range_and_a_slip_is_told_with_the_nearest() {
        let slot = |text: &str| Slot::read(text).unwrap_err().en;
        assert_eq!(slot("mno"), "there is no day `mno`; did you mean `mon`?");
        assert_eq!(slot("fri-mon"), "`fri-mon` ends before it starts; did you mean `mon-fri`?");
        assert_eq!(Slot::read("mon-fri").unwrap().len(), 5);
    }
}
