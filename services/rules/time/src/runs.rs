//! From what fact to what fact a clock runs, as often as it does in a case.

use crate::story::Happening;
use chrono::{DateTime, Utc};
use regime::Clock;

/// The facts that end a case, and with it every clock that ran before them.
const ENDINGS: [&str; 3] = ["case-closed", "case-declined", "case-withdrawn"];

/// One run: when it started, and when and by what it stopped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Run {
    pub(crate) started_at: DateTime<Utc>,
    pub(crate) stopped: Option<(DateTime<Utc>, String)>,
}

/// The runs of `clock`. While it runs, its starting fact changes nothing; once it has stopped, the next one starts it
/// again.
pub(crate) fn runs(clock: &Clock, happened: &[Happening<'_>]) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for fact in happened {
        let open = runs.last_mut().filter(|run| run.stopped.is_none());
        match open {
            Some(run) => {
                if clock.until.matches(fact.word, fact.arg) || ENDINGS.contains(&fact.word) {
                    run.stopped = Some((fact.at, fact.word.to_owned()));
                }
            }
            None => {
                if clock.from.matches(fact.word, fact.arg) {
                    runs.push(Run { started_at: fact.at, stopped: None });
                }
            }
        }
    }
    runs
}
