//! Between the calculus and the contracts: differences as events, clocks and extensions as answers.

use crate::domain::Watched;
use crate::law::Ground;
use contracts::Fact;
use contracts::deadline_watcher as wire;
use facts::ExtensionState;
use kit_grpc::{text, timestamp};
use legal_time::{Change, Changed, ClockState};

/// A difference between two derivations as the event that tells it.
pub(crate) fn fact(case_id: &str, change: &Change<'_>) -> Fact {
    let (case_id, is) = (case_id.to_owned(), change.clock);
    let (clock, run, due_at) = (is.clock.clone(), is.run, Some(timestamp(is.due.at)));
    let (is_advisory, cite) = (is.is_advisory, is.cite.clone());
    match &change.what {
        Changed::Started => Fact::ClockStarted(wire::ClockStarted { case_id, clock, run, due_at, is_advisory, cite }),
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
        Changed::Near { reminder, tell } => {
            let (reminder, tell) = (*reminder, tell.to_vec());
            Fact::DeadlineNear(wire::DeadlineNear { case_id, clock, run, reminder, due_at, tell })
        }
        Changed::Missed { climb } => {
            let climb = *climb;
            Fact::ClockMissed(wire::ClockMissed {
                case_id,
                clock,
                run,
                due_at,
                is_advisory,
                climb,
                cite,
                change_id: String::new(),
            })
        }
        Changed::Overdue { step, climb } => {
            Fact::ClockOverdue(wire::ClockOverdue { case_id, clock, run, step: *step, climb: *climb })
        }
        Changed::Stopped { is_on_time } => {
            Fact::ClockStopped(wire::ClockStopped { case_id, clock, run, is_on_time: *is_on_time })
        }
    }
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
