//! The oracle of the fault tests. It waits until nobody is behind anybody, looks at everything in one instant, and counts.

mod cases;
mod duties;
mod logs;
mod script;
mod snapshot;
mod views;

pub use script::Course;
pub use snapshot::{FOLLOWS, Snapshot, schema};

use crate::{
    fleet::Fleet,
    load::{Kind, Tally},
};
use jiesu::desk::until;
use kit_core::Problem;
use sqlx::{Executor as _, PgConnection};
use std::{collections::BTreeMap, time::Duration};

/// After the last fault. A follower that must read a whole log again, or waits for its producer, is given this long.
pub const PATIENCE: Duration = Duration::from_mins(2);
/// Of one kind; the rest is counted.
const SHOWN: usize = 8;

/// What is wrong, by what it contradicts.
#[derive(Clone, Debug, Default)]
pub struct Findings(pub BTreeMap<&'static str, Vec<(About, String)>>);

/// What a finding is about, where it is about one thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum About {
    Everything,
    Case(String),
    /// A partition.
    Place(i16),
}

/// What a run without faults looked like.
#[derive(Clone, Debug, Default)]
pub struct Clean {
    courses: BTreeMap<Kind, Course>,
    /// The most events of a type, in a log, that one event caused in one key.
    effects: BTreeMap<(String, String), usize>,
}

/// What the oracle counted.
#[derive(Clone, Debug, Default)]
pub struct Verdict {
    pub acknowledged: usize,
    pub unknown: usize,
    pub cases: usize,
    pub events: usize,
    pub lost: usize,
    pub doubled: usize,
    /// Over all views, by service: as stored, as folded.
    pub hashes: BTreeMap<String, (String, String)>,
    pub findings: Findings,
}

impl Findings {
    pub fn add(&mut self, kind: &'static str, about: About, what: String) {
        self.0.entry(kind).or_default().push((about, what));
    }

    /// Leaves out what concerns a partition, or a case that lives in it or is `case`.
    #[must_use]
    pub fn beside(mut self, partition: Option<i16>, case: Option<&str>) -> Self {
        let is_hit = |about: &About| match about {
            About::Everything => false,
            About::Place(place) => Some(*place) == partition,
            About::Case(id) => Some(home(id)) == partition || Some(id.as_str()) == case,
        };
        self.0.values_mut().for_each(|found| found.retain(|(about, _)| !is_hit(about)));
        self.0.retain(|_, found| !found.is_empty());
        self
    }

    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Clean {
    /// Learns from a run without faults; whatever is wrong there already is wrong.
    pub async fn learn(fleet: &Fleet, tally: &Tally) -> Self {
        let snapshot = at_rest(fleet).await;
        let mut verdict = judge(&snapshot, tally, None);
        let courses = script::learn(&snapshot, tally, &mut verdict.findings);
        verdict.report(tally);
        Self { courses, effects: logs::effects(&snapshot) }
    }
}

/// Waits for rest, and judges everything that was ever handed in.
pub async fn assert_all_is_well(fleet: &Fleet, tally: &Tally, clean: &Clean) -> Verdict {
    let verdict = judge(&at_rest(fleet).await, tally, Some(clean));
    verdict.report(tally);
    verdict
}

/// The partition in which a case lives, in every log.
pub fn home(case: &str) -> i16 {
    i16::try_from(kit_messaging::partition_of(case)).unwrap()
}

/// Counts.
pub fn judge(snapshot: &Snapshot, tally: &Tally, clean: Option<&Clean>) -> Verdict {
    let mut findings = Findings::default();
    for (request_id, trouble) in &tally.troubles {
        let about = script::case_of(snapshot, tally, request_id).map_or(About::Everything, About::Case);
        findings.add("script", about, format!("{request_id}: {trouble}"));
    }
    logs::chains(snapshot, &mut findings);
    logs::positions(snapshot, &mut findings);
    logs::identities(snapshot, &mut findings);
    logs::notices(snapshot, &mut findings);
    let (lost, doubled) = cases::hand_ins(snapshot, tally, &mut findings);
    cases::everywhere(snapshot, &mut findings);
    cases::dossiers(snapshot, &mut findings);
    duties::duties(snapshot, &mut findings);
    let hashes = views::views(snapshot, &mut findings);
    if let Some(clean) = clean {
        script::compare(snapshot, tally, &clean.courses, &mut findings);
        for (what, most) in logs::effects(snapshot) {
            let before = clean.effects.get(&what).copied().unwrap_or(1);
            if most > before {
                findings.add(
                    "effect",
                    About::Everything,
                    format!("one event caused {most} of {what:?}, in a clean run {before}"),
                );
            }
        }
    }
    Verdict {
        acknowledged: tally.acknowledged(),
        unknown: tally.unknown(),
        cases: snapshot.numbers.values().map(Vec::len).sum(),
        events: snapshot.logs().count(),
        lost,
        doubled,
        hashes,
        findings,
    }
}

impl Verdict {
    /// Prints what was counted, and fails if anything is wrong.
    fn report(&self, tally: &Tally) {
        println!(
            "hand-ins acknowledged {}, unknown {}; cases {}, events {}; lost {}, doubled {}; asked again {:?}",
            self.acknowledged, self.unknown, self.cases, self.events, self.lost, self.doubled, tally.again
        );
        for (service, (stored, folded)) in &self.hashes {
            println!("{service}: stored state {stored:.16}, folded {folded:.16}");
        }
        let mut all = String::new();
        for (kind, found) in &self.findings.0 {
            for (_, one) in found.iter().take(SHOWN) {
                all.push_str(&format!("\n  {kind}: {one}"));
            }
            all.push_str(&format!("\n  {kind}: {} in all", found.len()));
        }
        assert!(self.findings.is_empty(), "the oracle found:{all}");
    }
}

/// Everything at an instant when nobody is behind anybody and nothing is parked.
pub async fn at_rest(fleet: &Fleet) -> Snapshot {
    at_rest_beside(fleet, None, None).await
}

/// The same, but a partition, or a case, may stand still.
pub async fn at_rest_beside(fleet: &Fleet, partition: Option<i16>, case: Option<&str>) -> Snapshot {
    let mut last = None;
    let snapshot = until("rest", PATIENCE, async || {
        let mut conn = fleet.admin().await;
        let now = read(&mut conn).await.map_err(|error| Problem::conflict("not-yet", "", error.to_string()))?;
        let (unrest, heads) = unrest(&now, partition, case);
        if unrest.is_empty() && last.replace(heads.clone()) == Some(heads) {
            return Ok(Some(now));
        }
        // Long enough for whatever was just committed to show.
        crate::fleet::pause(Duration::from_millis(700)).await;
        Err(Problem::conflict("not-yet", "", unrest.join("; ")))
    });
    snapshot.await.unwrap()
}

/// Everything, as of one instant.
async fn read(conn: &mut PgConnection) -> sqlx::Result<Snapshot> {
    conn.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?;
    Snapshot::read(conn).await
}

/// Who is behind whom, and where all the logs end.
fn unrest(snapshot: &Snapshot, partition: Option<i16>, case: Option<&str>) -> (Vec<String>, Vec<i64>) {
    let mut findings = Findings::default();
    logs::positions(snapshot, &mut findings);
    let findings = findings.beside(partition, case);
    let heads = snapshot.services.values().flat_map(|stored| stored.heads.iter().map(|head| head.seq)).collect();
    let mut unrest: Vec<String> = findings.0.into_values().flatten().map(|(_, what)| what).collect();
    let count = unrest.len();
    unrest.truncate(SHOWN);
    if count > SHOWN {
        unrest.push(format!("and {} more", count - SHOWN));
    }
    (unrest, heads)
}
