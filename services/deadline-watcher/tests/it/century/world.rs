//! One span of simulated years: the time goes on in steps, cases come and go, and everything goes wrong that can.

use super::announce::{self, Calendars, Change};
use super::book::{Book, Regimes};
use super::figures::Figures;
use super::hall::Hall;
use super::life::{self, Life};
use super::news::News;
use super::tell::Told;
use chrono::{DateTime, TimeDelta, Utc};
use contracts::Fact;
use kit_core::Clock as _;
use kit_ids::CaseId;
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use std::collections::BTreeMap;
use std::sync::Arc;

/// How a span goes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Manner {
    /// Decides what happens in the world.
    pub(super) fate: u64,
    /// Decides what happens to the watcher: when it hears of things, and what breaks.
    pub(super) weather: u64,
    pub(super) start: DateTime<Utc>,
    pub(super) years: i64,
    /// Facts may come late, and the time may go on before everything was heard.
    pub(super) is_late: bool,
}

pub(super) struct World {
    pub(super) hall: Hall,
    pub(super) fate: StdRng,
    pub(super) weather: StdRng,
    pub(super) manner: Manner,
    pub(super) calendars: Calendars,
    pub(super) lives: Vec<Life>,
    pub(super) figures: Figures,
    /// Producers whose facts are held back, until when, and what they have to say.
    pub(super) held: BTreeMap<&'static str, (DateTime<Utc>, Vec<(DateTime<Utc>, String, Fact)>)>,
    /// By how much somebody has put the machine's clock ahead who should not have.
    pub(super) wrong: TimeDelta,
    /// Everything that was told, by case.
    pub(super) told: BTreeMap<String, Vec<Told>>,
    /// Suspensions that were granted: of which case, and their ids.
    pub(super) suspended: Vec<(String, String)>,
    pub(super) books: BTreeMap<String, Book>,
    pub(super) regimes: Regimes,
    pub(super) read: BTreeMap<i16, i64>,
    /// Since the last quiet moment: what was said, and what was so at it.
    pub(super) news: BTreeMap<String, Vec<News>>,
    pub(super) before: (DateTime<Utc>, Calendars),
    pub(super) ticks: Vec<DateTime<Utc>>,
}

impl World {
    pub(super) async fn open(manner: Manner) -> Self {
        let mut hall = Hall::open(manner.start).await;
        hall.start().await;
        let parse = |(id, yaml): (&str, String)| (id.to_owned(), Arc::new(regime::Regime::parse(id, &yaml).unwrap()));
        hall.say(manner.start, life::law()).await;
        hall.settle(0).await;
        let calendars = Calendars::shipped();
        Self {
            fate: StdRng::seed_from_u64(manner.fate),
            weather: StdRng::seed_from_u64(manner.weather),
            before: (manner.start, calendars.clone()),
            regimes: life::packs().map(parse).into_iter().collect(),
            lives: Vec::new(),
            figures: Figures::default(),
            held: BTreeMap::new(),
            wrong: TimeDelta::zero(),
            told: BTreeMap::new(),
            suspended: Vec::new(),
            books: BTreeMap::new(),
            read: BTreeMap::new(),
            news: BTreeMap::new(),
            ticks: Vec::new(),
            calendars,
            manner,
            hall,
        }
    }

    pub(super) fn now(&self) -> DateTime<Utc> {
        self.hall.clock.now()
    }

    /// Lets the time go on.
    pub(super) fn tick(&mut self, by: TimeDelta) {
        self.hall.clock.advance(by);
        self.ticks.push(self.hall.present());
    }

    /// A case whose id is the same in every weather.
    pub(super) fn new_id(&mut self) -> String {
        CaseId::new(uuid::Builder::from_random_bytes(self.fate.random()).into_uuid()).to_string()
    }

    /// Lets things happen at an instant; a producer that is held back says them later.
    pub(super) async fn say(&mut self, at: DateTime<Utc>, facts: Vec<(String, Fact)>) {
        let mut now = Vec::new();
        for (key, fact) in facts {
            match self.held.get_mut(fact.owner()) {
                Some((_, waiting)) => waiting.push((at, key, fact)),
                None => now.push((key, fact)),
            }
        }
        self.publish(at, now).await;
    }

    /// Lets those speak whose time has come, or all.
    pub(super) async fn release(&mut self, is_all: bool) {
        let now = self.now();
        let is_over = |_: &&'static str, held: &mut (DateTime<Utc>, Vec<_>)| is_all || held.0 <= now;
        let released: Vec<_> = self.held.extract_if(.., is_over).collect();
        for (_, (_, facts)) in released {
            self.figures.late += facts.len() as u64;
            for group in facts.chunk_by(|a, b| a.0 == b.0) {
                let said = group.iter().map(|(_, key, fact)| (key.clone(), fact.clone())).collect();
                self.publish(group[0].0, said).await;
            }
        }
    }

    async fn publish(&mut self, at: DateTime<Utc>, facts: Vec<(String, Fact)>) {
        self.figures.facts += facts.len() as u64;
        for (key, fact) in &facts {
            self.news.entry(key.clone()).or_default().push(News::Fact { fact: fact.clone(), at });
        }
        if !facts.is_empty() {
            self.hall.say(at, facts).await;
        }
    }

    /// Brings a change of a calendar, with everything quiet before and after.
    pub(super) async fn bring(&mut self, change: &Change, is_wanted: bool) {
        self.quiet().await;
        if let Some(next) = announce::bring(&self.hall, &self.calendars, change, is_wanted).await {
            self.calendars = next;
            self.figures.changes += 1;
        }
        self.quiet().await;
    }
}
