//! A week that repeats for ever: which of its days are worked, and their count by arithmetic.

use crate::day::LAST;
use chrono::{Datelike as _, NaiveDate, Weekday};

/// The worked days of every week, at least one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Week {
    /// Monday first.
    worked: [bool; 7],
    /// `sums[i]` is how many of the first `i` days of the week are worked.
    sums: [i64; 8],
}

impl Week {
    /// None for a week in which nobody ever works: no working day would ever come.
    pub(crate) fn new(worked: [bool; 7]) -> Option<Self> {
        let mut sums = [0; 8];
        let mut sum = 0;
        for (day, place) in worked.iter().zip(sums.iter_mut().skip(1)) {
            sum += i64::from(*day);
            *place = sum;
        }
        (sum > 0).then_some(Self { worked, sums })
    }

    /// Whether its days of this name are worked.
    pub(crate) fn is_worked(&self, weekday: Weekday) -> bool {
        self.worked.iter().zip(0..).any(|(worked, index)| *worked && weekday.num_days_from_monday() == index)
    }

    /// How many worked days there are from Monday 0001-01-01 up to and including `date`.
    pub(crate) fn rank(&self, date: NaiveDate) -> i64 {
        let days = i64::from(date.num_days_from_ce());
        let rest = usize::try_from(days.rem_euclid(7)).unwrap_or(0);
        days.div_euclid(7) * self.each() + self.sums.get(rest).copied().unwrap_or(0)
    }

    /// The worked day whose rank is `rank`, or the last day that is counted to.
    pub(crate) fn with_rank(&self, rank: i64) -> NaiveDate {
        let (weeks, nth) = ((rank - 1).div_euclid(self.each()), (rank - 1).rem_euclid(self.each()) + 1);
        let in_week = (1..).zip(self.sums.iter().skip(1)).find(|(_, sum)| **sum == nth).map_or(1, |(day, _)| day);
        let days = weeks.checked_mul(7).and_then(|days| days.checked_add(in_week));
        let days = days.and_then(|days| i32::try_from(days).ok());
        days.and_then(NaiveDate::from_num_days_from_ce_opt).map_or(LAST, |date| date.min(LAST))
    }

    fn each(&self) -> i64 {
        self.sums.last().copied().unwrap_or(1)
    }
}

impl Default for Week {
    /// Monday to Friday.
    fn default() -> Self {
        Self { worked: [true, true, true, true, true, false, false], sums: [0, 1, 2, 3, 4, 5, 5, 5] }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_ordinary_week_is_monday_to_friday_and_one_without_work_is_none() {
        assert_eq!(Week::new([true, true, true, true, true, false, false]), Some(Week::default()));
        assert_eq!(Week::new([false; 7]), None);
        assert!(Week::default().is_worked(Weekday::Fri) && !Week::default().is_worked(Weekday::Sat));
        assert_eq!(Week::default().with_rank(i64::MAX / 7), LAST);
    }

    proptest! {
        #[test]
        fn a_rank_is_the_number_of_days_met_and_searching_is_its_inverse(mask in 1_u8..128, day in 1_i32..3_000_000) {
            let week = Week::new(std::array::from_fn(|i| mask >> i & 1 == 1)).unwrap();
            let date = NaiveDate::from_num_days_from_ce_opt(day).unwrap();
            let grows = week.rank(date.succ_opt().unwrap()) - week.rank(date);
            prop_assert_eq!(grows, i64::from(week.is_worked(date.succ_opt().unwrap().weekday())));
            let worked = week.with_rank(week.rank(date) + 1);
            prop_assert!(worked > date && week.is_worked(worked.weekday()));
            prop_assert_eq!(week.rank(worked), week.rank(date) + 1);
        }
    }
}
