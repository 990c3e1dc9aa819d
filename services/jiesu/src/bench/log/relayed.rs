//! How far the relay is, by the counter that every service exports: it counts what the stream has acknowledged.

use super::bed::PATIENCE;
use anyhow::{Result, ensure};
use kit_runtime::telemetry;
use std::time::{Duration, Instant};

/// How often the counter is read; also how exact the instants are.
const LOOK: Duration = Duration::from_millis(10);

/// The counter of one service, from when this was made.
pub(super) struct Relayed {
    service: &'static str,
    base: u64,
}

/// When the counter moved first, to what, and when it had everything.
#[derive(Clone, Copy, Debug)]
pub(super) struct Course {
    pub(super) first: (Instant, usize),
    pub(super) last: Instant,
}

impl Relayed {
    pub(super) fn of(service: &'static str) -> Self {
        Self { service, base: counter(&telemetry::render_metrics(), service) }
    }

    /// Waits until so many events more have been acknowledged.
    pub(super) async fn reaches(&self, events: usize) -> Result<Course> {
        let (start, mut first) = (Instant::now(), None);
        loop {
            let (now, count) = (Instant::now(), counter(&telemetry::render_metrics(), self.service) - self.base);
            let count = usize::try_from(count)?;
            if count > 0 {
                first.get_or_insert((now, count));
            }
            if let (true, Some(first)) = (count >= events, first) {
                return Ok(Course { first, last: now });
            }
            ensure!(start.elapsed() < PATIENCE, "{count} of {events} events relayed");
            tokio::time::sleep_until((now + LOOK).into()).await;
        }
    }
}

fn counter(text: &str, service: &str) -> u64 {
    let name = format!("jiesu_events_relayed_total{{service=\"{service}\"}} ");
    text.lines().find_map(|line| line.strip_prefix(&name)?.trim().parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_counter_of_one_service_is_read() {
        let text = "# TYPE x counter\njiesu_events_relayed_total{service=\"triage\"} 7\njiesu_events_relayed_total{service=\"intake\"} 42\n";
        assert_eq!((super::counter(text, "intake"), super::counter(text, "records")), (42, 0));
    }
}
