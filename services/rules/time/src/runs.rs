//! From what fact to what fact a clock runs, as often as it does in a case.

use crate::pauses::Standstill;
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
    /// The whiles of it that are not counted, once they are known.
    pub(crate) pauses: Vec<Standstill>,
}

impl Run {
    fn new(started_at: DateTime<Utc>) -> Self {
        Self { started_at, stopped: None, pauses: Vec::new() }
    }
}

/// The runs of `clock`. While it runs, its starting fact changes nothing, unless the regime counts anew from it; once it
/// has stopped, the next one starts it again.
pub(crate) fn runs(clock: &Clock, happened: &[Happening<'_>]) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for fact in happened {
        let open = runs.last_mut().filter(|run| run.stopped.is_none());
        match open {
            Some(run) => {
                let is_anew = clock.anew.as_ref().is_some_and(|anew| anew.matches(fact.word, fact.arg));
                if is_anew || clock.until.matches(fact.word, fact.arg) || ENDINGS.contains(&fact.word) {
                    run.stopped = Some((fact.at, fact.word.to_owned()));
                }
                if is_anew {
                    runs.push(Run::new(fact.at));
                }
            }
            None => {
                if clock.from.matches(fact.word, fact.arg) {
                    runs.push(Run::new(fact.at));
                }
            }
        }
    }
    runs
}
