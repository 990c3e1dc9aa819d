//! What the watcher's own facts change: more time, suspensions, dates that were set. A change of a clock counts from
//! the instant at which it happened, not from the one at which it was found: a miss that an outage hid is no later.

use super::{day, instant};
use crate::{CaseView, Extension, ExtensionState, SetDate, Suspension};
use chrono::{DateTime, Utc};
use contracts::Fact;
use contracts::deadline_watcher as clock;

impl CaseView {
    /// Changes the fields, and says since when the fact counts.
    pub(super) fn clock(&mut self, fact: &Fact, at: DateTime<Utc>) -> DateTime<Utc> {
        let happened = match fact {
            Fact::ClockStarted(e) => &e.started_at,
            Fact::ClockStopped(e) => &e.stopped_at,
            Fact::ClockPaused(e) => &e.since,
            Fact::ClockResumed(e) => &e.at,
            Fact::ClockMissed(e) => &e.due_at,
            Fact::ClockOverdue(e) => &e.at,
            Fact::BreachFound(e) => &e.at,
            other => {
                self.instrument(other, at);
                &None
            }
        };
        happened.as_ref().and_then(instant).map_or(at, |happened| happened.min(at))
    }

    fn instrument(&mut self, fact: &Fact, at: DateTime<Utc>) {
        match fact {
            Fact::ExtensionAsked(e) => self.ask(e, at),
            Fact::ExtensionGranted(e) => self.grant(e, at),
            Fact::ExtensionRefused(e) => {
                self.extension(&e.extension_id, &e.clock, at, |one| {
                    (one.state, one.at) = (ExtensionState::Refused, at)
                });
            }
            Fact::SuspensionAsked(e) => self.suspension(&e.suspension_id, |one| {
                e.clocks.clone_into(&mut one.clocks);
                one.until = one.until.or_else(|| day(&e.until));
                e.asked_by.clone_into(&mut one.asked_by);
                e.approver_role.clone_into(&mut one.approver_role);
            }),
            Fact::SuspensionGranted(e) => self.suspension(&e.suspension_id, |one| {
                e.clocks.clone_into(&mut one.clocks);
                one.until = day(&e.until);
                one.granted_at = Some(at);
            }),
            Fact::SuspensionRefused(e) => self.suspension(&e.suspension_id, |one| one.is_refused = true),
            Fact::SuspensionEnded(e) => self.suspension(&e.suspension_id, |one| one.ended_at = Some(at)),
            Fact::DateSet(e) => {
                let (clock, set_by) = (e.clock.clone(), e.set_by.clone());
                self.dates.extend(day(&e.date).map(|date| SetDate { clock, date, at, set_by }));
            }
            _ => {}
        }
    }

    fn ask(&mut self, e: &clock::ExtensionAsked, at: DateTime<Utc>) {
        self.extension(&e.extension_id, &e.clock, at, |one| {
            one.tier = e.tier;
            one.until = one.until.or_else(|| day(&e.until));
            one.by = one.by.or_else(|| e.by.parse().ok());
            e.asked_by.clone_into(&mut one.asked_by);
            e.approver_role.clone_into(&mut one.approver_role);
        });
    }

    fn grant(&mut self, e: &clock::ExtensionGranted, at: DateTime<Utc>) {
        self.extension(&e.extension_id, &e.clock, at, |one| {
            (one.state, one.at) = (ExtensionState::Granted, at);
            one.until = day(&e.until).or(one.until);
            one.by = e.by.parse().ok().or(one.by);
            one.tier = one.tier.max(e.tier);
        });
    }

    /// Changes a request. The ruling stands even if the request has not been heard of yet.
    fn extension(&mut self, id: &str, clock: &str, at: DateTime<Utc>, change: impl FnOnce(&mut Extension)) {
        if let Some(one) = self.extensions.iter_mut().find(|one| one.extension_id == id) {
            return change(one);
        }
        let (asked_by, approver_role) = (String::new(), String::new());
        let (extension_id, clock, state) = (id.to_owned(), clock.to_owned(), ExtensionState::Asked);
        let (until, tier, by) = (None, 0, None);
        let mut one = Extension { extension_id, clock, until, tier, by, state, asked_by, approver_role, at };
        change(&mut one);
        self.extensions.push(one);
    }

    fn suspension(&mut self, id: &str, change: impl FnOnce(&mut Suspension)) {
        if let Some(one) = self.suspensions.iter_mut().find(|one| one.suspension_id == id) {
            return change(one);
        }
        let mut one = Suspension { suspension_id: id.to_owned(), ..Suspension::default() };
        change(&mut one);
        self.suspensions.push(one);
    }
}
