//! Appends what the watcher makes happen: caused by somebody else's event, by a command, or by the time alone.

use contracts::deadline_watcher::{CalendarPublished, DutyDue, DutyMissed};
use contracts::{Event, Fact};
use kit_ids::CaseId;
use kit_messaging::{Received, Tx};

/// Appends the events of one case in their order.
pub(crate) fn append(tx: &mut Tx, cause: Option<&Received>, case_id: CaseId, events: &[Fact]) {
    let key = case_id.to_string();
    for event in events {
        metrics::counter!("jiesu_deadline_watcher_events_total", "event" => event.word()).increment(1);
        match event {
            Fact::ClockStarted(e) => send(tx, cause, &key, e),
            Fact::ClockStopped(e) => send(tx, cause, &key, e),
            Fact::ClockPaused(e) => send(tx, cause, &key, e),
            Fact::ClockResumed(e) => send(tx, cause, &key, e),
            Fact::DeadlineMoved(e) => send(tx, cause, &key, e),
            Fact::DeadlineNear(e) => send(tx, cause, &key, e),
            Fact::ClockMissed(e) => send(tx, cause, &key, e),
            Fact::ClockOverdue(e) => send(tx, cause, &key, e),
            Fact::ExtensionAsked(e) => send(tx, cause, &key, e),
            Fact::ExtensionGranted(e) => send(tx, cause, &key, e),
            Fact::ExtensionRefused(e) => send(tx, cause, &key, e),
            Fact::SuspensionAsked(e) => send(tx, cause, &key, e),
            Fact::SuspensionGranted(e) => send(tx, cause, &key, e),
            Fact::SuspensionRefused(e) => send(tx, cause, &key, e),
            Fact::SuspensionEnded(e) => send(tx, cause, &key, e),
            Fact::DateSet(e) => send(tx, cause, &key, e),
            Fact::BreachFound(e) => send(tx, cause, &key, e),
            other => tracing::error!(word = other.word(), "not an event of the watcher"),
        }
    }
}

/// Says that a version of a calendar is in force.
pub(crate) fn calendar(tx: &mut Tx, event: &CalendarPublished) {
    metrics::counter!("jiesu_deadline_watcher_events_total", "event" => CalendarPublished::WORD).increment(1);
    tx.publish(&event.calendar_id, event);
}

/// Says that a duty opened in a unit.
pub(crate) fn duty(tx: &mut Tx, event: &DutyDue) {
    metrics::counter!("jiesu_deadline_watcher_events_total", "event" => DutyDue::WORD).increment(1);
    tx.publish(&event.unit_id, event);
}

/// Says that nobody did a duty in time.
pub(crate) fn duty_missed(tx: &mut Tx, event: &DutyMissed) {
    metrics::counter!("jiesu_deadline_watcher_events_total", "event" => DutyMissed::WORD).increment(1);
    tx.publish(&event.unit_id, event);
}

fn send<E: Event>(tx: &mut Tx, cause: Option<&Received>, key: &str, event: &E) {
    match cause {
        Some(cause) => tx.publish_after(cause, key, event),
        None => tx.publish(key, event),
    }
}
