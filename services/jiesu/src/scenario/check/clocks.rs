//! Compares the clocks of a case with those that are expected.

use super::super::{
    play::{Case, Failure, Passed, Play, Stop},
    script::ClockWanted,
};
use crate::desk::told;
use chrono::{DateTime, Utc};
use contracts::deadline_watcher as watcher;

/// Asks the watcher, and compares what is said of each clock.
pub(super) async fn clocks(play: &Play<'_>, case: &Case, wanted: &[(String, ClockWanted)]) -> Passed {
    if wanted.is_empty() {
        return Ok(());
    }
    let request = watcher::ListClocksRequest { case_ids: vec![case.id.clone()] };
    let call = play.world.installation().request(request);
    let listed = told(play.world.client.deadline_watcher().list_clocks(call).await);
    let listed = listed.map_err(|problem| anyhow::anyhow!("{problem}"))?.clocks;
    for (name, wanted) in wanted {
        let runs = listed.iter().filter(|clock| clock.clock == *name);
        let found = runs.filter(|clock| wanted.run.is_none_or(|run| run == clock.run)).max_by_key(|clock| clock.run);
        let (expected, happened) = (clock_wanted(play, wanted), clock_found(play, wanted, found));
        if expected != happened {
            let named = |text: String| format!("{name}: {text}");
            let whole = clock_found(play, &everything(), found);
            return Err(Stop::Unexpected(Failure::new(wanted.line, named(expected), named(whole))));
        }
    }
    Ok(())
}

/// What is to be shown of a clock when something about it is wrong.
fn everything() -> ClockWanted {
    let (some, at) = (Some(String::new()), Some(DateTime::UNIX_EPOCH));
    ClockWanted {
        line: 0,
        state: some.clone(),
        run: Some(0),
        started: at,
        due: at,
        stopped: at,
        is_advisory: Some(true),
        cite: some,
    }
}

fn clock_wanted(play: &Play<'_>, wanted: &ClockWanted) -> String {
    if wanted.state.as_deref() == Some("none") {
        return "none".to_owned();
    }
    let at = |name: &str, at: Option<DateTime<Utc>>| at.map(|at| format!("{name} {}", play.local(at)));
    let parts = [
        wanted.state.clone(),
        wanted.run.map(|run| format!("run {run}")),
        at("started", wanted.started),
        at("due", wanted.due),
        at("stopped", wanted.stopped),
        wanted.is_advisory.map(|is| if is { "advisory".to_owned() } else { "binding".to_owned() }),
        wanted.cite.as_ref().map(|cite| format!("cite {cite}")),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// The same, of the clock that there is, as far as something is wanted of it.
fn clock_found(play: &Play<'_>, wanted: &ClockWanted, found: Option<&watcher::CaseClock>) -> String {
    let Some(found) = found else { return "none".to_owned() };
    let at = |at: &Option<prost_types::Timestamp>| at.as_ref().and_then(kit_grpc::instant);
    let as_found = ClockWanted {
        line: 0,
        state: wanted.state.as_ref().map(|_| found.state.clone()),
        run: wanted.run.map(|_| found.run),
        started: wanted.started.and_then(|_| at(&found.started_at)),
        due: wanted.due.and_then(|_| at(&found.due_at)),
        stopped: wanted.stopped.and_then(|_| at(&found.stopped_at)),
        is_advisory: wanted.is_advisory.map(|_| found.is_advisory),
        cite: wanted.cite.as_ref().map(|_| found.cite.clone()),
    };
    clock_wanted(play, &as_found)
}
