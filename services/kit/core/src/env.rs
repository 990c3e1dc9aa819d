//! What a use case is handed beside its transaction: the clock and the id source.

use crate::clock::{Clock, SystemClock};
use chrono::{DateTime, Utc};
use rand::{RngCore as _, SeedableRng as _, rngs::StdRng};
use std::sync::{Arc, Mutex, PoisonError};
use uuid::{Builder, Uuid};

/// Makes identifiers: `UUIDv7`, so that keys arrive nearly sorted.
pub trait Ids: Send + Sync + 'static {
    /// A new identifier of the instant `at`.
    fn next(&self, at: DateTime<Utc>) -> Uuid;
}

/// Identifiers from the operating system's random source.
#[derive(Clone, Copy, Debug, Default)]
pub struct RandomIds;

impl Ids for RandomIds {
    fn next(&self, at: DateTime<Utc>) -> Uuid {
        let mut bytes = [0; 10];
        rand::rng().fill_bytes(&mut bytes);
        v7(at, &bytes)
    }
}

/// Identifiers that repeat for the same seed, for tests and simulations.
#[derive(Debug)]
pub struct SeededIds(Mutex<StdRng>);

impl SeededIds {
    /// A source that yields the same identifiers for the same seed.
    pub fn new(seed: u64) -> Self {
        Self(Mutex::new(StdRng::seed_from_u64(seed)))
    }
}

impl Ids for SeededIds {
    fn next(&self, at: DateTime<Utc>) -> Uuid {
        let mut bytes = [0; 10];
        self.0.lock().unwrap_or_else(PoisonError::into_inner).fill_bytes(&mut bytes);
        v7(at, &bytes)
    }
}

fn v7(at: DateTime<Utc>, random: &[u8; 10]) -> Uuid {
    let millis = u64::try_from(at.timestamp_millis()).unwrap_or(0);
    Builder::from_unix_timestamp_millis(millis, random).into_uuid()
}

/// The clock and the id source, cheap to clone.
#[derive(Clone)]
pub struct Env {
    pub clock: Arc<dyn Clock>,
    pub ids: Arc<dyn Ids>,
}

impl Env {
    /// The machine's clock and random identifiers.
    pub fn system() -> Self {
        Self { clock: Arc::new(SystemClock), ids: Arc::new(RandomIds) }
    }

    /// The present instant.
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// A new identifier of this instant.
    pub fn id(&self) -> Uuid {
        self.ids.next(self.clock.now())
    }
}

impl std::fmt::Debug for Env {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Env").field("now", &self.now()).finish_non_exhaustive()
    }
}
