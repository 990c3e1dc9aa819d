//! The walk of a calendar change through the running cases, in the background: first to find out what would move, then,
//! once somebody has approved it, to move it. A batch is a transaction within one shard; the place reached there is in a row
//! of its own, so a restart goes on from there, and several walk at once, here or in replicas. The sweep comes first: while
//! it is behind, the walk rests.

use crate::domain::Watched;
use crate::law::{House, Proposed, Reference};
use crate::restate::{self, Breach, Move};
use crate::store::change::{self, Change, Found};
use crate::{publish, store};
use kit_db::{Error, Result};
use kit_ids::{CaseId, ChangeId};
use kit_messaging::{Log, Tx};
use legal_time::Layer;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

/// The cases of one batch: a case that moves is locked until the batch is committed.
const BATCH: i64 = 200;
/// The shards through which one replica walks at once: one computes while the other waits for the disk.
const LANES: usize = 2;
/// The longest wait for a change that another replica was told of.
const LONGEST: Duration = Duration::from_secs(5);
/// The rest while the sweep is behind.
const REST: Duration = Duration::from_millis(20);

/// The walker of one replica.
#[derive(Clone)]
pub(crate) struct Walk {
    pub(crate) log: Log,
    pub(crate) reference: Arc<Reference>,
    /// Something was proposed or approved.
    pub(crate) wake: Arc<Notify>,
    /// The sweep has more than it could take.
    pub(crate) is_sweep_behind: Arc<AtomicBool>,
}

impl Walk {
    /// Walks until the service stops.
    pub(crate) async fn run(self, stop: CancellationToken) -> anyhow::Result<()> {
        futures::future::join_all((0..LANES).map(|_| self.lane(&stop))).await;
        Ok(())
    }

    async fn lane(&self, stop: &CancellationToken) {
        while !stop.is_cancelled() {
            let wait = if self.is_sweep_behind.load(Ordering::Relaxed) {
                REST
            } else {
                match self.once().await {
                    Ok(true) => {
                        // What one has found is enough for another.
                        self.wake.notify_one();
                        continue;
                    }
                    Ok(false) => LONGEST,
                    Err(error) => {
                        tracing::warn!(%error, "the walk of a calendar change cannot go on now");
                        LONGEST
                    }
                }
            };
            let woken = tokio::time::timeout(wait, self.wake.notified());
            // Running out is the ordinary end of a wait.
            let _ = stop.run_until_cancelled(woken).await;
        }
    }

    /// Takes one batch of whatever change is to be gone on with; answers whether there was one.
    pub(crate) async fn once(&self) -> Result<bool> {
        if !change::is_any_open(self.log.pool()).await? {
            return Ok(false);
        }
        let walk = self.clone();
        let batch = self.log.in_tx("deadline-watcher", move |tx| Box::pin(async move { walk.batch(tx).await }));
        Ok(batch.await? || change::arrive(self.log.pool()).await?)
    }

    async fn batch(&self, tx: &mut Tx) -> Result<bool> {
        let Some(stretch) = change::claim(tx.conn()).await? else { return Ok(false) };
        let ids = change::next_cases(tx.conn(), &stretch, BATCH).await?;
        let cases: Vec<CaseId> = ids.iter().map(|id| CaseId::new(*id)).collect();
        let open = &stretch.change;
        let found = match open.version {
            None => self.look(tx, open, &cases).await?,
            Some(version) => self.move_over(tx, open, version, &cases).await?,
        };
        change::walked(tx.conn(), &stretch, ids.last().copied(), &found).await?;
        Ok(true)
    }

    /// Finds out what would move.
    async fn look(&self, tx: &mut Tx, open: &Change, ids: &[CaseId]) -> Result<Found> {
        let now = tx.now();
        let house = self.reference.get();
        let next = house.with(&proposed(open)?);
        let (cases, unreadable) = store::readable(tx.conn(), ids, false).await?;
        pass_over(&unreadable);
        let moves = moves(&cases, |case| {
            let (old, new) = (house.ground(&case.view).ok()?, next.ground(&case.view).ok()?);
            Some(if old.calendar.fingerprint() == new.calendar.fingerprint() {
                Vec::new()
            } else {
                restate::moves(case, &old, &new, now)
            })
        });
        change::note(tx.conn(), open.change_id, &moves, false).await?;
        Ok(found(cases.len(), &moves))
    }

    /// Moves what moves, and says so.
    async fn move_over(&self, tx: &mut Tx, open: &Change, version: i32, ids: &[CaseId]) -> Result<Found> {
        let now = tx.now();
        let house = self.house_of(&open.calendar_id, version).await?;
        let change_id = ChangeId::new(open.change_id).to_string();
        let (mut cases, unreadable) = store::readable(tx.conn(), ids, true).await?;
        pass_over(&unreadable);
        let mut touched = Vec::new();
        let mut moved: Vec<(usize, Move)> = Vec::new();
        for (place, case) in cases.iter_mut().enumerate() {
            // A case whose regime or unit is not here rests with the sweep, and is counted anew whenever it can be.
            let Ok(ground) = house.ground(&case.view) else { continue };
            if ground.calendar.fingerprint() == case.calendar {
                continue;
            }
            let was = case.clocks.clone();
            let mut happened = case.derive(&ground, now);
            moved.extend(
                restate::between(&case.view, &ground.regime, &was, &case.clocks).into_iter().map(|m| (place, m)),
            );
            restate::stamp(&mut happened, &change_id, &was, now);
            publish::append(tx, None, case.case_id, &happened);
            touched.push(place);
        }
        let changed: Vec<&Watched> = touched.iter().filter_map(|place| cases.get(*place)).collect();
        store::save(tx.conn(), &changed).await?;
        let moves: Vec<(&Watched, Move)> =
            moved.into_iter().filter_map(|(place, one)| Some((cases.get(place)?, one))).collect();
        change::note(tx.conn(), open.change_id, &moves, true).await?;
        Ok(found(cases.len(), &moves))
    }

    /// The law in which the version is published: another replica may have published it.
    async fn house_of(&self, calendar_id: &str, version: i32) -> Result<Arc<House>> {
        let is_here = |house: &House| {
            let latest = house.calendars().shelf().layer(calendar_id, None);
            latest.is_some_and(|(latest, _)| i64::from(latest) >= i64::from(version))
        };
        if !is_here(&self.reference.get()) {
            self.reference.reload().await?;
        }
        let house = self.reference.get();
        if is_here(&house) {
            Ok(house)
        } else {
            Err(Error::NotYet(format!("calendar {calendar_id} version {version}")))
        }
    }
}

fn proposed(open: &Change) -> Result<Proposed> {
    let layer = Layer::from_csv(&open.calendar_id, &open.body)
        .map_err(|_| Error::Corrupt(format!("the calendar of change {} cannot be read", open.change_id)))?;
    Ok(Proposed { calendar_id: open.calendar_id.clone(), layer })
}

fn moves<'a>(cases: &'a [Watched], of: impl Fn(&Watched) -> Option<Vec<Move>>) -> Vec<(&'a Watched, Move)> {
    let of_case = |case: &'a Watched| of(case).unwrap_or_default().into_iter().map(move |one| (case, one));
    cases.iter().flat_map(of_case).collect()
}

fn found(cases: usize, moves: &[(&Watched, Move)]) -> Found {
    let count = |is: &dyn Fn(&Move) -> bool| number(moves.iter().filter(|(_, one)| is(one)).count());
    let mut moved: Vec<CaseId> = moves.iter().map(|(case, _)| case.case_id).collect();
    moved.dedup();
    Found {
        cases: number(cases),
        moved_cases: number(moved.len()),
        earlier: count(&|one| one.after < one.before),
        later: count(&|one| one.after > one.before),
        breaches_made: count(&|one| one.breach == Some(Breach::Made)),
        breaches_undone: count(&|one| one.breach == Some(Breach::Undone)),
        notices: moves.iter().map(|(_, one)| i64::from(one.notices)).sum(),
    }
}

fn number(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

/// Rows that cannot be read are told, and hold up no other.
fn pass_over(unreadable: &[CaseId]) {
    for id in unreadable {
        tracing::error!(case.id = %id, "a case cannot be read and is not counted anew");
    }
}
