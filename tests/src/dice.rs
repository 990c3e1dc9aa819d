//! The chance of one fault test, from a seed that is printed: with `JIESU_FAULT_SEED` the same draws come again.

use kit_config::{EnvSource, Source as _};
use rand::{Rng as _, SeedableRng as _, rngs::StdRng};
use std::time::Duration;

/// Draws.
pub struct Dice {
    pub seed: u64,
    rng: StdRng,
}

impl Dice {
    /// The dice of the test `name`, which prints the seed.
    pub fn of(name: &str) -> Self {
        let seed = number("JIESU_FAULT_SEED").unwrap_or_else(|| rand::random_range(0..1_000_000_000));
        println!("{name}: play this again with JIESU_FAULT_SEED={seed}");
        Self { seed, rng: StdRng::seed_from_u64(seed) }
    }

    /// Dice of the same seed, for another who draws at the same time.
    #[must_use]
    pub fn again(&self) -> Self {
        Self { seed: self.seed, rng: StdRng::seed_from_u64(self.seed) }
    }

    /// One of `0..count`.
    pub fn draw(&mut self, count: usize) -> usize {
        self.rng.random_range(0..count)
    }

    /// True in so many of a hundred draws.
    pub fn chance(&mut self, percent: u32) -> bool {
        self.rng.random_range(0..100) < percent
    }

    /// A length of time.
    pub fn milliseconds(&mut self, from: u64, to: u64) -> Duration {
        Duration::from_millis(self.rng.random_range(from..=to))
    }
}

/// A number from the environment, as a long run sets it.
pub fn number(key: &str) -> Option<u64> {
    EnvSource.get(key).map(|text| text.parse().unwrap_or_else(|_| panic!("{key} is not a number: {text}")))
}
