//! What people see of more time, suspensions and dates in one case, and what they may do about them.

use crate::convert;
use crate::domain::Watched;
use crate::law::{Ground, House};
use crate::usecase::{
    approver, dated, may_ask, may_rule, may_rule_on, one_approver, set_date_command, suspendable, takes_date, unguarded,
};
use contracts::common::Action;
use contracts::deadline_watcher as wire;
use kit_core::{Class, Problem};
use kit_grpc::{Ctx, text, timestamp};
use regime::Clock;
use regime::vocabulary::{COMMANDS, term};

/// The requests for more time.
pub(super) fn extensions(house: &House, ctx: &Ctx, case: &Watched, ground: &Ground) -> Vec<wire::Extension> {
    let caller = ctx.staff().map(|staff| staff.to_string()).ok();
    let one = |extension: &facts::Extension| {
        let now = approver(ground, case, &extension.clock, extension.tier).map(|(role, _)| role);
        wire::Extension {
            extension_id: extension.extension_id.clone(),
            clock: extension.clock.clone(),
            until: extension.until.map(|until| until.to_string()).unwrap_or_default(),
            state: convert::extension_state(extension.state),
            approver_role: match (&extension.state, now) {
                (facts::ExtensionState::Asked, Some(role)) => role,
                _ => extension.approver_role.clone(),
            },
            may_rule: caller.as_ref().is_some_and(|staff| may_rule(house, case, ground, extension, staff)),
            tier: extension.tier,
            by: extension.by.map(|by| by.to_string()).unwrap_or_default(),
        }
    };
    case.view.extensions.iter().map(one).collect()
}

/// The requests that clocks stand still.
pub(super) fn suspensions(house: &House, ctx: &Ctx, case: &Watched, ground: &Ground) -> Vec<wire::Suspension> {
    let caller = ctx.staff().map(|staff| staff.to_string()).ok();
    let one = |suspension: &facts::Suspension| {
        let now = one_approver(case, ground, &suspension.clocks).ok().filter(|_| suspension.is_asked());
        wire::Suspension {
            suspension_id: suspension.suspension_id.clone(),
            clocks: suspension.clocks.clone(),
            until: suspension.until.map(|until| until.to_string()).unwrap_or_default(),
            state: convert::suspension_state(suspension),
            approver_role: now.map_or_else(|| suspension.approver_role.clone(), |(role, _)| role),
            may_rule: caller.as_ref().is_some_and(|staff| may_rule_on(house, case, ground, suspension, staff)),
            granted_at: suspension.granted_at.map(timestamp),
            ended_at: suspension.ended_at.map(timestamp),
        }
    };
    case.view.suspensions.iter().map(one).collect()
}

/// The dates that were set.
pub(super) fn dates(case: &Watched) -> Vec<wire::SetDay> {
    let one = |set: &facts::SetDate| wire::SetDay {
        clock: set.clock.clone(),
        date: set.date.to_string(),
        set_by: set.set_by.clone(),
    };
    case.view.dates.iter().map(one).collect()
}

/// What the caller may ask for or do: each command for which they hold a role and the regime has a clock.
pub(super) fn actions(house: &House, ctx: &Ctx, case: &Watched, ground: &Ground) -> Vec<Action> {
    let clocks = || ground.regime.clocks.iter();
    let on = |takes: &dyn Fn(&Clock) -> bool,
              may: &dyn Fn(&Clock) -> Result<(), Problem>|
     -> Vec<Result<(), Problem>> { clocks().filter(|clock| takes(clock)).map(may).collect() };
    let ask = |clock: &Clock, command: &str| {
        may_ask(case, ground, &clock.name)?;
        unguarded(ground, case, command)
    };
    let overrun = |clock: &Clock| clock.overrun.as_ref().is_some_and(|overrun| overrun.on_approval);
    let is_suspendable = clocks().any(|clock| clock.suspend.is_some());
    let suspension = if is_suspendable { vec![suspendable(case, ground).map(drop)] } else { Vec::new() };
    let in_force = case.view.suspensions.iter().filter(|one| one.granted_at.is_some() && one.ended_at.is_none());
    let permitted = |command: &str| {
        ctx.staff().and_then(|staff| facts::authorise(house, &case.view, &staff.to_string(), command)).is_ok()
    };
    let date = |clock: &Clock| {
        dated(case, ground, &clock.name).map(drop)?;
        unguarded(ground, case, &set_date_command(&clock.name))
    };
    let tried = [
        (
            "ask-overrun",
            on(&overrun, &|clock| ask(clock, "ask-overrun")),
            clocks().filter(|clock| overrun(clock)).find_map(|clock| Some(approver(ground, case, &clock.name, 0)?.1)),
        ),
        (
            "ask-extension",
            on(&|clock| !clock.extend.is_empty(), &|clock| ask(clock, "ask-extension")),
            cite(clocks().filter_map(|c| Some(&c.extend.first()?.cite))),
        ),
        ("ask-suspension", suspension, cite(clocks().filter_map(|c| Some(&c.suspend.as_ref()?.cite)))),
        (
            "end-suspension",
            in_force.map(|_| Ok(())).collect(),
            cite(clocks().filter_map(|c| Some(&c.suspend.as_ref()?.cite))),
        ),
        (
            "set-date",
            on(&|clock| takes_date(clock) && permitted(&set_date_command(&clock.name)), &date),
            cite(clocks().filter(|c| takes_date(c)).map(|c| &c.cite)),
        ),
    ];
    let is_offered = |command: &str| command == "set-date" || permitted(command);
    let offered = tried.into_iter().filter(|(command, tried, _)| !tried.is_empty() && is_offered(command));
    offered.map(|(command, tried, cite)| action(command, &tried, cite.unwrap_or_default())).collect()
}

fn cite<'a>(mut cites: impl Iterator<Item = &'a String>) -> Option<String> {
    cites.next().cloned()
}

/// Allowed if it is for any of the clocks; otherwise with what is missing for each.
fn action(command: &str, tried: &[Result<(), Problem>], cite: String) -> Action {
    let is_allowed = tried.iter().any(Result::is_ok);
    let missing =
        tried.iter().filter_map(|tried| tried.as_ref().err()).filter(|problem| problem.class == Class::Conflict);
    let missing = if is_allowed { Vec::new() } else { missing.map(|problem| text(&problem.text)).collect() };
    let title = term(COMMANDS, command).map(|term| text(&term.title()));
    Action { id: command.to_owned(), title, is_allowed, missing, cite }
}
