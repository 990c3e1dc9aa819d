//! Between the calculus and the contracts: differences as events, clocks and extensions as answers.

use crate::domain::Watched;
use crate::law::Ground;
use contracts::Fact;
use contracts::deadline_watcher as wire;
use facts::{ExtensionState, Suspension, written_effect};
use kit_grpc::{text, timestamp};
use legal_time::{Change, Changed, ClockState, Found};

/// A difference between two derivations as the event that tells it.
pub(crate) fn fact(case_id: &str, change: &Change<'_>) -> Fact {
    let (case_id, is) = (case_id.to_owned(), change.clock);
    let (clock, run, due_at) = (is.clock.clone(), is.run, Some(timestamp(is.due.at)));
    let (is_advisory, cite) = (is.is_advisory, is.cite.clone());
    match &change.what {
        Changed::Started => {
            let started_at = Some(timestamp(is.started_at));
            Fact::ClockStarted(wire::ClockStarted { case_id, clock, run, due_at, is_advisory, cite, started_at })
        }
        Changed::Moved { previous } => {
            let previous_due_at = Some(timestamp(*previous));
            Fact::DeadlineMoved(wire::DeadlineMoved {
                case_id,
                clock,
                run,
                due_at,
                previous_due_at,
                change_id: String::new(),
            })
        }
        Changed::Paused { since } => {
            let pause = is.pauses.iter().find(|pause| pause.from == *since);
            let at_most = pause.and_then(|pause| pause.at_most).map(timestamp);
            let cite = pause.map(|pause| pause.cite.clone()).unwrap_or_default();
            let since = Some(timestamp(*since));
            Fact::ClockPaused(wire::ClockPaused { case_id, clock, run, since, at_most, cite })
        }
        Changed::Resumed { at } => {
            Fact::ClockResumed(wire::ClockResumed { case_id, clock, run, at: Some(timestamp(*at)), due_at })
        }
        Changed::Near { reminder, tell } => {
            let (reminder, tell) = (*reminder, tell.to_vec());
            Fact::DeadlineNear(wire::DeadlineNear { case_id, clock, run, reminder, due_at, tell })
        }
        Changed::Missed { climb, effects } => {
            let (climb, effects) = (*climb, effects.iter().map(written_effect).collect());
            let change_id = String::new();
            Fact::ClockMissed(wire::ClockMissed {
                case_id,
                clock,
                run,
                due_at,
                is_advisory,
                climb,
                cite,
                effects,
                change_id,
            })
        }
        Changed::Overdue { at, step, climb, effects } => {
            let (at, effects) = (Some(timestamp(*at)), effects.iter().map(written_effect).collect());
            Fact::ClockOverdue(wire::ClockOverdue { case_id, clock, run, step: *step, climb: *climb, at, effects })
        }
        Changed::Stopped { is_on_time } => {
            let stop = is.stopped.as_ref();
            let by = stop.map(|stop| stop.word.clone()).unwrap_or_default();
            let (stopped_at, is_dropped) = (stop.map(|s| timestamp(s.at)), stop.is_some_and(|stop| stop.is_dropped));
            let is_on_time = *is_on_time;
            Fact::ClockStopped(wire::ClockStopped { case_id, clock, run, is_on_time, stopped_at, by, is_dropped })
        }
    }
}

/// A failure that is no time limit, as the event that tells it.
pub(crate) fn breach(case_id: &str, found: &Found<'_>) -> Fact {
    let (rule, at) = (found.breach, Some(timestamp(found.at)));
    let (case_id, breach, cite) = (case_id.to_owned(), rule.name.clone(), rule.cite.clone());
    let (climb, effects) = (rule.climb, rule.effects.iter().map(written_effect).collect());
    Fact::BreachFound(wire::BreachFound { case_id, breach, at, climb, effects, cite })
}

/// A clock as a caller reads it.
pub(crate) fn clock(case: &Watched, ground: Option<&Ground>, clock: &ClockState) -> wire::CaseClock {
    let named = ground.and_then(|ground| ground.regime.clocks.iter().find(|c| c.name == clock.clock));
    wire::CaseClock {
        case_id: case.case_id.to_string(),
        clock: clock.clock.clone(),
        run: clock.run,
        title: named.map(|named| text(&named.title)),
        state: clock.phase().name().to_owned(),
        started_at: Some(timestamp(clock.started_at)),
        due_at: Some(timestamp(clock.due.at)),
        stopped_at: clock.stopped.as_ref().map(|stop| timestamp(stop.at)),
        is_advisory: clock.is_advisory,
        cite: clock.cite.clone(),
    }
}

/// The word of an extension's state.
pub(crate) fn extension_state(state: ExtensionState) -> String {
    match state {
        ExtensionState::Asked => "asked",
        ExtensionState::Granted => "granted",
        ExtensionState::Refused => "refused",
    }
    .to_owned()
}

/// The word of a suspension's state.
pub(crate) fn suspension_state(suspension: &Suspension) -> String {
    match suspension {
        one if one.ended_at.is_some() => "ended",
        one if one.granted_at.is_some() => "granted",
        one if one.is_refused => "refused",
        _ => "asked",
    }
    .to_owned()
}
