//! One derivation of one case, without Postgres: eight clocks, thirty facts.

use crate::bench::sheet::Sheet;
use anyhow::{Result, anyhow};
use contracts::Fact;
use contracts::intake::CaseRegistered;
use contracts::resolution::NoteAdded;
use contracts::triage::{CaseAccepted, CaseGraded};
use facts::CaseView;
use kit_core::Env;
use kit_grpc::timestamp;
use legal_time::{Calendar, Counting, derive};
use regime::Regime;
use std::hint::black_box;
use std::time::Instant;

const PACK: &str = include_str!("regime.yaml");
const ROUNDS: u32 = 20_000;
const BATCHES: u32 = 5;

/// Microseconds of a derivation.
pub(super) fn measure(sheet: &mut Sheet) -> Result<()> {
    let regime = Regime::parse("regime.yaml", PACK).map_err(|errors| anyhow!("{errors:?}"))?;
    let body = packs::calendar("cn").unwrap_or_default();
    let calendar = Calendar::parse("cn", &body).map_err(|errors| anyhow!("{errors:?}"))?;
    let zone = legal_time::zone("Asia/Shanghai").unwrap_or(legal_time::Tz::UTC);
    let counting = Counting::of(&regime, &calendar, zone);
    let case = case();
    // The regime has four; twice over, they are eight.
    let clocks: Vec<_> = regime.clocks.iter().chain(&regime.clocks).cloned().collect();
    let now = Env::system().now();
    for _ in 0..BATCHES {
        let start = Instant::now();
        for _ in 0..ROUNDS {
            black_box(derive(black_box(&clocks), &counting, black_box(&case), now));
        }
        let each = start.elapsed() / ROUNDS;
        sheet.put("one derivation: 8 clocks, 30 facts", "µs", each.as_secs_f64() * 1e6);
    }
    Ok(())
}

fn case() -> CaseView {
    let id = "case_00000000000000000000000000000001".to_owned();
    let now = Env::system().now();
    let registered = CaseRegistered {
        case_id: id.clone(),
        regime_id: "bench-deadlines".to_owned(),
        regime_version: 1,
        unit_id: "g".to_owned(),
        received_at: Some(timestamp(now)),
        ..CaseRegistered::default()
    };
    let mut view = CaseView::open(&registered, now);
    view.apply(&Fact::CaseAccepted(CaseAccepted { case_id: id.clone(), ..Default::default() }), now);
    let graded = CaseGraded { case_id: id.clone(), severity: "counted".to_owned(), ..CaseGraded::default() };
    view.apply(&Fact::CaseGraded(graded), now);
    for _ in view.history.len()..30 {
        view.apply(&Fact::NoteAdded(NoteAdded { case_id: id.clone(), text: None, ..Default::default() }), now);
    }
    view
}
