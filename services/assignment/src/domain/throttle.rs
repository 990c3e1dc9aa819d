//! How often a sign-in may fail: for one login, and for everybody together. An attempt is counted before the password
//! is looked at and taken back when it was right, so that guesses made at the same moment count too.

use chrono::{DateTime, TimeDelta, Utc};
use std::collections::{HashMap, VecDeque};

const WINDOW: TimeDelta = TimeDelta::minutes(15);
const FAILURES_PER_LOGIN: usize = 5;
/// Also bounds the memory this takes, whatever logins are tried.
const FAILURES_IN_ALL: usize = 500;

/// Attempts of the last quarter of an hour that have not turned out right.
#[derive(Debug, Default)]
pub(crate) struct Throttle {
    by_login: HashMap<String, VecDeque<DateTime<Utc>>>,
    all: usize,
}

impl Throttle {
    /// Counts an attempt; false when there were too many.
    pub(crate) fn begin(&mut self, login: &str, now: DateTime<Utc>) -> bool {
        self.forget_before(now - WINDOW);
        let tried = self.by_login.get(login).map_or(0, VecDeque::len);
        if tried >= FAILURES_PER_LOGIN || self.all >= FAILURES_IN_ALL {
            return false;
        }
        self.by_login.entry(login.to_owned()).or_default().push_back(now);
        self.all += 1;
        true
    }

    /// The password was right: what was tried before under this login is forgiven.
    pub(crate) fn succeeded(&mut self, login: &str) {
        self.all -= self.by_login.remove(login).map_or(0, |tried| tried.len());
    }

    /// The attempt came to no answer, for a reason that was not the caller's.
    pub(crate) fn abandoned(&mut self, login: &str) {
        if let Some(tried) = self.by_login.get_mut(login)
            && tried.pop_back().is_some()
        {
            self.all -= 1;
        }
    }

    fn forget_before(&mut self, start: DateTime<Utc>) {
        let mut kept = 0;
        self.by_login.retain(|_, tried| {
            tried.retain(|at| *at > start);
            kept += tried.len();
            !tried.is_empty()
        });
        self.all = kept;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sixth_wrong_attempt_waits_a_quarter_of_an_hour() {
        let mut throttle = Throttle::default();
        let start = DateTime::UNIX_EPOCH;
        for _ in 0..FAILURES_PER_LOGIN {
            assert!(throttle.begin("li", start));
        }
        assert!(!throttle.begin("li", start + TimeDelta::minutes(14)));
        assert!(throttle.begin("wang", start));
        assert!(throttle.begin("li", start + TimeDelta::minutes(16)));
    }

    #[test]
    fn a_right_password_forgives_and_many_logins_exhaust_everybody() {
        let mut throttle = Throttle::default();
        let start = DateTime::UNIX_EPOCH;
        assert!(throttle.begin("li", start));
        throttle.succeeded("li");
        assert_eq!(throttle.all, 0);
        for i in 0..FAILURES_IN_ALL {
            assert!(throttle.begin(&format!("guess-{i}"), start));
        }
        assert!(!throttle.begin("li", start));
    }
}
