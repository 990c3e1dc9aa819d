//! A budget of what anybody may do without saying who they are, one for everybody: with it nobody can search codes or
//! flood a form, from however many addresses, and no address needs to be known.

use chrono::{DateTime, TimeDelta, Utc};

const BURST: u32 = 30;
const EACH: TimeDelta = TimeDelta::seconds(1);

/// Thirty at once, and one more each second.
#[derive(Debug)]
pub struct Budget {
    left: u32,
    /// When the first token that is not yet back began to come back.
    since: DateTime<Utc>,
}

impl Budget {
    /// A full budget.
    pub fn new(now: DateTime<Utc>) -> Self {
        Self { left: BURST, since: now }
    }

    /// Takes one in advance, so that attempts made at once cannot all pass before the first one fails. Answers whether
    /// one was left.
    #[must_use]
    pub fn take(&mut self, now: DateTime<Utc>) -> bool {
        let is_left = self.look(now);
        self.left = self.left.saturating_sub(1);
        is_left
    }

    /// Whether anything is left, so that nobody queues for a refusal.
    #[must_use]
    pub fn look(&mut self, now: DateTime<Utc>) -> bool {
        self.refill(now);
        self.left > 0
    }

    /// The attempt was right: it costs nothing.
    pub fn give_back(&mut self) {
        self.left = (self.left + 1).min(BURST);
    }

    fn refill(&mut self, now: DateTime<Utc>) {
        // A clock that was set back must not freeze the budget until it catches up.
        let passed = (now - self.since).num_seconds();
        if passed < 0 || self.left >= BURST {
            self.since = now;
            return;
        }
        let back = u32::try_from(passed).unwrap_or(BURST).min(BURST);
        self.left = (self.left + back).min(BURST);
        self.since = if back == BURST { now } else { self.since + EACH * i32::try_from(back).unwrap_or(0) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds)
    }

    fn spend(budget: &mut Budget, now: DateTime<Utc>) -> usize {
        (0..1000).take_while(|_| budget.take(now)).count()
    }

    #[test]
    fn thirty_pass_at_once_and_one_more_each_second() {
        let mut budget = Budget::new(at(0));
        assert_eq!(spend(&mut budget, at(0)), 30);
        assert!(!budget.look(at(0)));
        assert_eq!(spend(&mut budget, at(1)), 1);
        assert_eq!(spend(&mut budget, at(6)), 5);
        assert_eq!(spend(&mut budget, at(10_000)), 30);
    }

    #[test]
    fn what_was_right_costs_nothing() {
        let mut budget = Budget::new(at(0));
        for _ in 0..1000 {
            assert!(budget.take(at(0)));
            budget.give_back();
        }
        assert_eq!(spend(&mut budget, at(0)), 30);
    }

    #[test]
    fn a_clock_set_back_neither_fills_nor_freezes_it() {
        let mut budget = Budget::new(at(1000));
        assert_eq!(spend(&mut budget, at(1000)), 30);
        assert_eq!(spend(&mut budget, at(0)), 0);
        assert_eq!(spend(&mut budget, at(2)), 2);
    }
}
