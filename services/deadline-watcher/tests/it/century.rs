//! Simulated decades of cases, with crashes, jumping clocks, new calendars and restarts: nothing that falls due is
//! missed, nothing comes twice, and nothing comes early.
//!
//! The world (`world`, `life`, `people`, `announce`, `weather`, `machine`) decides by a seed what happens and what breaks.
//! The oracle (`quiet`, `book`, `tell`, `ledger`, `verdict`) knows nothing of the watcher's tables and its sweep: it has what the world said and when, the
//! calendars and since when they are known, the regimes, and the calculus, which has proofs of its own. At every quiet
//! moment, when everything said has been heard, it holds the watcher's log against the following.
//!
//! 1. **What is told is what follows.** Between two quiet moments the watcher learns some news of a case: facts, that the
//!    time went on, a new calendar. Replicas may learn them in any order in which each service is heard as it spoke, one
//!    by one or several at once. What was told of the case must be just what one such order makes tell. With one piece
//!    of news there is one order. So a fact that comes late may find its clock missed already, and one that comes with
//!    the sweep may or may not; but nothing else is excused, and at the quiet moment itself all orders have come to one
//!    state, which is checked.
//! 2. **Once for each promise.** The promise is the due instant that was told last (`ClockStarted`, `DeadlineMoved`). No
//!    reminder, miss or step comes twice of one promise, however often the watcher died, and even where its instant goes
//!    away and comes back because something was learned late.
//! 3. **Not early.** What is told is what follows at a present that the watcher had reached, and that present had come to the
//!    instant of the miss or the step. Only the stamp may be older: it is that of the transaction's beginning, which may
//!    have waited for another that already saw the time go on.
//! 4. **The log tells the whole.** Who reads only the log knows of each run where it is due, whether it stopped, and how.
//!
//! At the end the time goes on until nothing can come any more, and the stored clocks of every case must be those that
//! its facts give afresh. A machine that stood still is believed to be where it stood until somebody confirms its clock:
//! for that while its present, and not the time that passes, is the one that rule 3 means.
//!
//! `JIESU_CENTURY_YEARS` simulates more (20 if not set), `JIESU_CENTURY_SEED` others. A failure prints its seed.

mod announce;
mod book;
mod figures;
mod hall;
mod ledger;
mod life;
mod machine;
mod news;
mod people;
mod quiet;
mod say;
mod tell;
mod verdict;
mod weather;
mod world;

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use figures::Figures;
use futures::{StreamExt as _, stream};
use rand::{Rng as _, SeedableRng as _, rngs::StdRng};
use world::{Manner, World};

/// The years of one span, each with a house of its own.
const SPAN: i64 = 20;
/// Spans that run beside each other: they mostly wait.
const BESIDE: usize = 4;

#[expect(clippy::disallowed_methods, reason = "a test is told by the environment how long it may take")]
fn set(key: &str, default: i64) -> i64 {
    std::env::var(key).map_or(default, |text| text.parse().unwrap())
}

fn first_of(year: i32) -> DateTime<Utc> {
    NaiveDate::from_ymd_opt(year, 3, 1).unwrap().and_time(NaiveTime::MIN).and_utc() + TimeDelta::hours(1)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_century_misses_nothing_and_tells_nothing_twice_or_early() {
    let years = set("JIESU_CENTURY_YEARS", 20);
    let seed = u64::try_from(set("JIESU_CENTURY_SEED", 20_261_117)).unwrap();
    let mut rng = StdRng::seed_from_u64(seed);
    let spans: Vec<Manner> = (0..years.div_euclid(SPAN).max(1))
        .map(|n| Manner {
            fate: rng.random(),
            weather: rng.random(),
            start: first_of(2026 + i32::try_from(n % 40 * SPAN).unwrap()),
            years: years.min(SPAN),
            is_late: true,
        })
        .collect();
    let runs = stream::iter(spans.clone()).map(|manner| async move { World::open(manner).await.run().await.figures });
    let all: Vec<Figures> = runs.buffer_unordered(BESIDE).collect().await;
    println!("seed {seed}: {} years in {} spans, {}", years, spans.len(), Figures::sum(&all));
    assert!(all.iter().all(|f| (f.missed, f.twice, f.early) == (0, 0, 0)));
    assert!(all.iter().all(|f| f.fires > 0 && f.crashes > 0 && f.changes > 0 && f.jumps > 0), "{all:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn how_the_watcher_fares_changes_nothing_of_what_it_tells() {
    let seed = u64::try_from(set("JIESU_CENTURY_SEED", 20_261_117)).unwrap();
    let manner = |weather| Manner { fate: seed, weather, start: first_of(2026), years: 3, is_late: false };
    let run = |weather| async move { World::open(manner(weather)).await.run().await };
    let (one, other) = tokio::join!(run(1), run(2));
    assert!(one.figures.fires > 100);
    assert_eq!(one.told.len(), other.told.len());
    for (case, told) in &one.told {
        assert_eq!(told, &other.told[case], "{case}");
    }
}
