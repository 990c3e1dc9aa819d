//! Which more time a clock may be given, and by whom: the next tier of the regime, or an overrun. Pure.

use super::rule_of;
use crate::domain::Watched;
use crate::law::Ground;
use chrono::NaiveDate;
use facts::{Extension, ExtensionState};
use kit_core::Problem;
use legal_time::{ClockState, Due, Phase};
use regime::{Clock, Extend, ExtendBy, Length};

/// What may be asked for.
#[derive(Clone, Debug)]
pub(crate) struct Offer {
    /// The tier of the regime, counted from 1; 0 for an overrun.
    pub(crate) tier: u32,
    /// How much more, where it is given whole.
    pub(crate) by: Option<Length>,
    pub(crate) until: Option<NaiveDate>,
    pub(crate) approver_role: String,
    pub(crate) cite: String,
}

impl Offer {
    /// The command that asks for it.
    pub(crate) fn command(&self) -> &'static str {
        if self.tier == 0 { "ask-overrun" } else { "ask-extension" }
    }

    /// Whether nobody has to approve it.
    pub(crate) fn is_on_notice(&self) -> bool {
        self.approver_role.is_empty()
    }
}

/// What more time may be asked for on the clock: until a day, or as much as the regime gives whole.
///
/// # Errors
/// There is no such clock, it does not run or can be given no more time, the day is none that may be asked for, a
/// request is waiting already, or there is nobody who could approve it.
pub(crate) fn offer(case: &Watched, ground: &Ground, name: &str, until: Option<NaiveDate>) -> Result<Offer, Problem> {
    let (rule, clock) = extendable(case, ground, name)?;
    let next = next_tier(case, rule, clock).map(|(tier, extend)| (tier, extend.by));
    let overrun = rule.overrun.as_ref().filter(|overrun| overrun.on_approval);
    let (tier, by) = match (next, until, overrun) {
        (Some((tier, ExtendBy::Date { cap })), Some(until), _) => {
            check_until(ground, clock, &clock.due, cap, until)?;
            (tier, None)
        }
        (Some((tier, ExtendBy::Whole(by))), None, _) => (tier, Some(by)),
        (_, Some(until), Some(overrun)) => {
            check_until(ground, clock, clock.ungranted.as_ref().unwrap_or(&clock.due), overrun.cap, until)?;
            (0, None)
        }
        (Some((_, ExtendBy::Date { .. })), None, _) | (None, None, Some(_)) => return Err(until_needed()),
        (Some((_, ExtendBy::Whole(by))), Some(_), None) => return Err(whole_only(by)),
        (None, _, None) => return Err(no_more_time()),
    };
    let (approver_role, cite) = approver(ground, case, name, tier).ok_or_else(no_approver)?;
    Ok(Offer { tier, by, until, approver_role, cite })
}

/// Whether more time of any kind may be asked for.
///
/// # Errors
/// As [`offer`], but for the day.
pub(crate) fn may_ask(case: &Watched, ground: &Ground, name: &str) -> Result<(), Problem> {
    let (rule, clock) = extendable(case, ground, name)?;
    let is_overrun = rule.overrun.as_ref().is_some_and(|overrun| overrun.on_approval);
    let next = next_tier(case, rule, clock).map(|(tier, _)| tier);
    let tiers = next.into_iter().chain(is_overrun.then_some(0));
    let mut found = Err(no_more_time());
    for tier in tiers {
        found = approver(ground, case, name, tier).map(drop).ok_or_else(no_approver);
        if found.is_ok() {
            break;
        }
    }
    found
}

/// The role that grants such a request in the case as it now is, and the clause behind it; the role is empty where the
/// regime grants it as soon as it is asked for.
pub(crate) fn approver(ground: &Ground, case: &Watched, clock: &str, tier: u32) -> Option<(String, String)> {
    let rule = rule_of(ground, clock)?;
    if tier == 0 {
        return ground.regime.approver(&format!("overrun({clock})"), &case.view);
    }
    let extend = tier_of(rule, tier)?;
    match &extend.approve {
        Some(role) => Some((role.clone(), extend.cite.clone())),
        None if extend.on_notice => Some((String::new(), extend.cite.clone())),
        None => ground.regime.approver(&format!("extension({clock})"), &case.view),
    }
}

fn tier_of(rule: &Clock, tier: u32) -> Option<&Extend> {
    rule.extend.get(usize::try_from(tier).ok()?.checked_sub(1)?)
}

fn extendable<'a>(case: &'a Watched, ground: &'a Ground, name: &str) -> Result<(&'a Clock, &'a ClockState), Problem> {
    let rule = rule_of(ground, name).ok_or_else(unknown_clock)?;
    let is_overrun = rule.overrun.as_ref().is_some_and(|overrun| overrun.on_approval);
    if rule.extend.is_empty() && !is_overrun {
        return Err(Problem::conflict("no-extension", "该时限不可延期", "This limit cannot be extended"));
    }
    let clock = running(case, name)?;
    if case.pending(name).is_some() {
        return Err(Problem::conflict(
            "extension-pending",
            "该时限已有延期申请等待审批",
            "A request for more time on this clock is waiting for a ruling",
        ));
    }
    Ok((rule, clock))
}

/// The run of the clock that is not over.
pub(crate) fn running<'a>(case: &'a Watched, name: &str) -> Result<&'a ClockState, Problem> {
    let clock = case.clock(name).filter(|clock| clock.phase() != Phase::Stopped);
    clock.ok_or_else(|| Problem::conflict("clock-not-running", "该时限未在计时", "This clock does not run"))
}

/// The first tier that has a time left in this run and whose condition holds.
fn next_tier<'a>(case: &Watched, rule: &'a Clock, clock: &ClockState) -> Option<(u32, &'a Extend)> {
    let is_of = |one: &&Extension, tier| {
        one.clock == rule.name && one.tier == tier && one.state == ExtensionState::Granted && one.at >= clock.started_at
    };
    let granted = |tier| case.view.extensions.iter().filter(|one| is_of(one, tier)).count();
    let has_left = |(tier, extend): &(u32, &Extend)| {
        let most = extend.times.and_then(|times| usize::try_from(times).ok());
        most.is_none_or(|most| granted(*tier) < most) && extend.condition.holds(&case.view)
    };
    (1..).zip(&rule.extend).find(has_left)
}

/// The day must move the deadline, and lie within the cap: which ends as the deadline does, rolled off a day off.
fn check_until(
    ground: &Ground,
    clock: &ClockState,
    base: &Due,
    cap: Option<Length>,
    until: NaiveDate,
) -> Result<(), Problem> {
    let counting = ground.counting();
    let asked = counting.ending(until).at;
    if asked <= clock.due.at {
        let due = clock.due.at.with_timezone(&counting.zone).format("%Y-%m-%d %H:%M");
        return Err(Problem::field(
            "until",
            "until-too-early",
            format!("延期日期须晚于现有期限({due})"),
            format!("The new date must be later than the present deadline ({due})"),
        ));
    }
    let Some(latest) = cap.and_then(|cap| counting.extended(base, &cap)).filter(|latest| asked > latest.at) else {
        return Ok(());
    };
    // A period that ends at 24:00 ends on the day before that instant.
    let before = latest.at - chrono::TimeDelta::seconds(1);
    let last = latest.last_day.unwrap_or_else(|| before.with_timezone(&counting.zone).date_naive());
    Err(Problem::field(
        "until",
        "until-too-late",
        format!("延期最长至 {last}"),
        format!("More time can be given until {last} at the latest"),
    ))
}

pub(crate) fn unknown_clock() -> Problem {
    Problem::field("clock", "unknown-clock", "本案没有这个时限", "The case has no such clock")
}

fn until_needed() -> Problem {
    Problem::field("until", "until-needed", "请写明延至哪一日", "Say until which day")
}

fn whole_only(by: Length) -> Problem {
    let by = by.title();
    Problem::field(
        "until",
        "whole-only",
        format!("该时限只能整段延长{}，不能另定日期", by.zh),
        format!("This limit is extended by {} and not until another day", by.en),
    )
}

fn no_more_time() -> Problem {
    Problem::conflict("no-more-time", "该时限已不能再延", "No more time can be given on this limit")
}

fn no_approver() -> Problem {
    Problem::conflict(
        "no-approver",
        "制度未规定这一级别的投诉由谁批准延期",
        "The regime names nobody who could give more time to a case of this grade",
    )
}
