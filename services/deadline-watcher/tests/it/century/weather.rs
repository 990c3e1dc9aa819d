//! The steps of a span: what happens in the world, and what happens to the watcher meanwhile.

use super::announce;
use super::life::Life;
use super::world::World;
use crate::harness::FOLLOWED;
use chrono::{Days, TimeDelta};
use contracts::Fact;
use rand::Rng as _;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use std::collections::BTreeMap;

/// From a moment to a season.
fn leap(rng: &mut StdRng) -> TimeDelta {
    let minutes = match rng.random_range(0..100) {
        0..10 => 1..60,
        10..22 => 60..1_440,
        22..45 => 1_440..6_000,
        45..85 => 6_000..70_000,
        _ => 70_000..180_000,
    };
    TimeDelta::minutes(rng.random_range(minutes)) + TimeDelta::milliseconds(rng.random_range(0..60_000))
}

impl World {
    /// Goes through the years of the span, and to where nothing more can come.
    pub(super) async fn run(mut self) -> Self {
        let end = self.manner.start + Days::new(365 * u64::try_from(self.manner.years).unwrap());
        self.announce().await;
        while self.now() < end {
            self.step().await;
        }
        self.release(true).await;
        self.undo_jump().await;
        self.quiet().await;
        self.tick(TimeDelta::days(1200));
        self.quiet().await;
        self.audit().await;
        self
    }

    async fn step(&mut self) {
        let leap = leap(&mut self.fate);
        let is_down = self.manner.is_late && self.weather.random_bool(0.04);
        if is_down {
            while !self.hall.replicas.is_empty() {
                self.lose().await;
            }
        } else {
            self.jump().await;
        }
        self.tick(leap);
        if is_down {
            self.happen().await;
            self.hall.start().await;
            self.figures.restarts += 1;
            return self.quiet().await;
        }
        // The time may go on, and more may happen, before everything was heard of.
        if !(self.manner.is_late && self.weather.random_bool(0.3)) {
            self.quiet().await;
        }
        self.announce().await;
        self.release(false).await;
        self.happen().await;
        self.trouble().await;
        if !(self.manner.is_late && self.weather.random_bool(0.2)) {
            self.quiet().await;
            self.ask().await;
        }
    }

    /// Cases are registered, and something happens in some of those that are there.
    pub(super) async fn happen(&mut self) {
        let now = self.now();
        let late = if self.manner.is_late { TimeDelta::days(12) } else { TimeDelta::zero() };
        let mut said: BTreeMap<_, Vec<(String, Fact)>> = BTreeMap::new();
        for _ in 0..self.fate.random_range(0..6) {
            let id = self.new_id();
            let (life, fact) = Life::begin(&mut self.fate, id, now, late);
            said.entry(now - TimeDelta::milliseconds(9)).or_default().push((life.id.clone(), fact));
            self.lives.push(life);
            self.figures.cases += 1;
        }
        for life in &mut self.lives {
            let most = if self.manner.is_late { self.fate.random_range(0..4_i64).min(2) } else { 1 };
            if self.fate.random_bool(0.5) {
                continue;
            }
            // No two in one instant, so that all know in which order they happened.
            for n in (0..most).rev() {
                let at = now - TimeDelta::milliseconds(n);
                said.entry(at).or_default().push((life.id.clone(), life.next(&mut self.fate)));
            }
        }
        let is_new = |life: &Life, said: &BTreeMap<_, Vec<(String, Fact)>>| {
            said.values().flatten().any(|(id, fact)| *id == life.id && matches!(fact, Fact::CaseRegistered(_)))
        };
        if !self.manner.is_late {
            // One thing at a time in each case, so that nothing depends on what is heard at once.
            let new: Vec<String> = self.lives.iter().filter(|life| is_new(life, &said)).map(|l| l.id.clone()).collect();
            let is_first = |id: &String, fact: &Fact| !new.contains(id) || matches!(fact, Fact::CaseRegistered(_));
            said.values_mut().for_each(|facts| facts.retain(|(id, fact)| is_first(id, fact)));
        }
        self.lives.retain(|life| life.left > 0);
        if self.manner.is_late && self.weather.random_bool(0.05) {
            let until = now + TimeDelta::minutes(self.weather.random_range(10..40_000));
            let producer = *FOLLOWED.choose(&mut self.weather).unwrap();
            self.held.entry(producer).or_insert((until, Vec::new()));
        }
        for (at, facts) in said {
            self.say(at, facts).await;
        }
    }

    /// The years that are to be announced by now, and sometimes something else about the calendar.
    async fn announce(&mut self) {
        let missing = announce::missing(&self.calendars, self.now());
        if !missing.is_empty() {
            let years = missing.into_iter().map(|year| announce::year(&mut self.fate, year).1);
            let change = ("cn", years.collect::<String>());
            self.bring(&change, true).await;
        }
        if self.fate.random_bool(0.06) {
            let today = self.now().date_naive();
            let change = announce::other(&mut self.fate, today);
            let is_wanted = self.fate.random_bool(0.8);
            self.bring(&change, is_wanted).await;
        }
    }

    /// Something breaks, in the middle of whatever goes on.
    async fn trouble(&mut self) {
        match self.weather.random_range(0..100) {
            0..3 if self.hall.replicas.len() < 2 => self.hall.start().await,
            3..6 if self.hall.replicas.len() > 1 => self.lose().await,
            6..9 => {
                self.lose().await;
                if self.hall.replicas.is_empty() {
                    self.hall.start().await;
                    self.figures.restarts += 1;
                }
            }
            9..12 => self.figures.cuts += u64::from(self.hall.cut().await > 0),
            _ => {}
        }
    }

    /// A replica ends, in order or not.
    async fn lose(&mut self) {
        let n = self.weather.random_range(0..self.hall.replicas.len());
        if self.weather.random_bool(0.4) {
            self.hall.end(n).await;
        } else {
            self.hall.crash(n).await;
            self.figures.crashes += 1;
        }
    }
}
