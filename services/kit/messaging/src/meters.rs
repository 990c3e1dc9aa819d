//! The numbers this crate exports, in one place so that names and labels agree.

use metrics::{counter, gauge};

pub(crate) fn appended(service: &str, events: usize) {
    counter!("jiesu_events_appended_total", "service" => service.to_owned()).increment(events as u64);
}

pub(crate) fn relayed(service: &str, events: usize) {
    counter!("jiesu_events_relayed_total", "service" => service.to_owned()).increment(events as u64);
}

pub(crate) fn applied(service: &str, events: usize) {
    counter!("jiesu_events_applied_total", "service" => service.to_owned()).increment(events as u64);
}

pub(crate) fn parked(service: &str, state: &'static str) {
    counter!("jiesu_events_parked_total", "service" => service.to_owned(), "state" => state).increment(1);
}

pub(crate) fn gap(service: &str, producer: &str) {
    counter!("jiesu_follower_gaps_total", "service" => service.to_owned(), "producer" => producer.to_owned())
        .increment(1);
}

/// Events of a producer that are not applied yet, of the partitions of one lane.
pub(crate) fn lag(service: &str, lane: u16, producer: &str, events: u64) {
    let (service, producer, lane) = (service.to_owned(), producer.to_owned(), lane.to_string());
    gauge!("jiesu_follower_lag_events", "service" => service, "producer" => producer, "lane" => lane)
        .set(float(events));
}

/// Partitions that this instance works on.
pub(crate) fn owned(service: &str, partitions: usize) {
    gauge!("jiesu_partitions_owned", "service" => service.to_owned()).set(float(partitions as u64));
}

/// Partitions of producers that stand still until an operator decides.
pub(crate) fn forks(service: &str, partitions: usize) {
    gauge!("jiesu_log_forks", "service" => service.to_owned()).set(float(partitions as u64));
}

/// Answers of producers to what this follower missed.
pub(crate) fn rewound(service: &str, producer: &str) {
    counter!("jiesu_follower_rewinds_total", "service" => service.to_owned(), "producer" => producer.to_owned())
        .increment(1);
}

/// Messages of the stream that wait to be read, of the partitions of one lane.
pub(crate) fn pending(service: &str, lane: u16, messages: u64) {
    gauge!("jiesu_follower_pending_messages", "service" => service.to_owned(), "lane" => lane.to_string())
        .set(float(messages));
}

/// Events that stand parked.
pub(crate) fn parked_now(service: &str, events: i64) {
    gauge!("jiesu_parked_events", "service" => service.to_owned()).set(float(events.unsigned_abs()));
}

#[expect(clippy::cast_precision_loss, reason = "a gauge is a float; nobody counts to 2^53 here")]
fn float(number: u64) -> f64 {
    number as f64
}
