//! One span of simulated years: the time goes on in steps, cases come and go, and everything goes wrong that can.

use super::announce::{self, Calendars, Change};
use super::book::{Book, News, Regimes, Window};
use super::hall::Hall;
use super::life::{self, Life};
use super::tell::Told;
use super::verdict::{Kind, check};
use chrono::{DateTime, TimeDelta, Utc};
use contracts::Fact;
use kit_core::Clock as _;
use kit_ids::CaseId;
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What was simulated, and what was found.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Figures {
    pub(super) cases: u64,
    pub(super) facts: u64,
    pub(super) late: u64,
    pub(super) fires: u64,
    pub(super) told: u64,
    pub(super) restarts: u64,
    pub(super) crashes: u64,
    pub(super) cuts: u64,
    pub(super) jumps: u64,
    pub(super) changes: u64,
    pub(super) extensions: u64,
    pub(super) missed: u64,
    pub(super) twice: u64,
    pub(super) early: u64,
}

impl Figures {
    /// Of several spans together, as a line.
    pub(super) fn sum(all: &[Self]) -> String {
        let sum = |of: fn(&Self) -> u64| all.iter().map(of).sum::<u64>();
        format!(
            "{} cases, {} facts ({} late), {} events told, {} fired, {} extensions, {} restarts, {} crashes, {} cuts, \
             {} clock jumps, {} calendar changes: {} missed, {} twice, {} early",
            sum(|f| f.cases),
            sum(|f| f.facts),
            sum(|f| f.late),
            sum(|f| f.told),
            sum(|f| f.fires),
            sum(|f| f.extensions),
            sum(|f| f.restarts),
            sum(|f| f.crashes),
            sum(|f| f.cuts),
            sum(|f| f.jumps),
            sum(|f| f.changes),
            sum(|f| f.missed),
            sum(|f| f.twice),
            sum(|f| f.early),
        )
    }
}

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
    pub(super) books: BTreeMap<String, Book>,
    regimes: Regimes,
    read: BTreeMap<i16, i64>,
    /// Since the last quiet moment: what was said, and what was so at it.
    news: BTreeMap<String, Vec<News>>,
    before: (DateTime<Utc>, Calendars),
    ticks: Vec<DateTime<Utc>>,
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

    /// Waits until the watcher is quiet, and holds what it told against what had to be told.
    pub(super) async fn quiet(&mut self) {
        self.hall.settle(self.parked()).await;
        let mut told: BTreeMap<String, Vec<(DateTime<Utc>, Told)>> = BTreeMap::new();
        for (at, fact) in self.hall.told(&mut self.read).await {
            let case_id = fact.case_id().to_owned();
            match Told::read(&fact) {
                Some(one) => told.entry(case_id).or_default().push((at, one)),
                None if case_id.is_empty() => {}
                None => self.news.entry(case_id).or_default().push(News::Fact { fact, at }),
            }
        }
        let after = (self.hall.present(), self.calendars.clone());
        let before = std::mem::replace(&mut self.before, after);
        let mut ticks: Vec<News> = std::mem::take(&mut self.ticks).into_iter().map(News::Tick).collect();
        if ticks.is_empty() && before.0 != self.before.0 {
            ticks.push(News::Tick(self.before.0));
        }
        let not_before = if self.hall.lag.is_zero() { before.0 } else { self.hall.clock.now() };
        let window = Window { present: before.0, calendars: (&before.1, &self.calendars), regimes: &self.regimes };
        let is_other = !self.calendars.is_same(&before.1);
        let is_due = |book: &Book| is_other || book.next().is_some_and(|next| next <= self.before.0);
        let due = self.books.iter().filter(|(_, book)| is_due(book)).map(|(id, _)| id.clone());
        let concerned: BTreeSet<String> = due.chain(told.keys().cloned()).chain(self.news.keys().cloned()).collect();
        for id in concerned {
            let mut news = self.news.remove(&id).unwrap_or_default();
            let told = told.remove(&id).unwrap_or_default();
            news.splice(0..0, ticks.iter().cloned());
            if is_other {
                news.insert(0, News::Calendar);
            }
            let book = self.books.entry(id.clone()).or_default();
            if let Err(fault) = check(book, news.clone(), &told, &window, not_before) {
                match fault.kind {
                    Kind::Missed => self.figures.missed += 1,
                    Kind::Twice => self.figures.twice += 1,
                    Kind::Early => self.figures.early += 1,
                }
                let history = book.view.as_ref().map(|view| &view.history);
                panic!(
                    "{fault:#?}\n{:?}\ncase {id}, now {}, present {:?}\nlearned {news:#?}\ntold {told:#?}\n\
                     clocks {:#?}\nhistory {history:#?}\n{:?}",
                    self.manner,
                    self.hall.clock.now(),
                    before.0,
                    book.clocks,
                    self.figures,
                );
            }
            self.figures.told += told.len() as u64;
            self.figures.fires += told.iter().filter(|(_, one)| one.is_fired()).count() as u64;
            self.told.entry(id).or_default().extend(told.into_iter().map(|(_, one)| one));
        }
    }
}

impl World {
    /// How many facts wait for the registration of their cases.
    fn parked(&self) -> usize {
        let of_case = |id: &String| {
            let book = self.books.get(id);
            let waiting = book.map_or(0, |book| book.waiting.len());
            let news = self.news.get(id).map_or(&[][..], Vec::as_slice);
            let is_registered = book.is_some_and(|book| book.view.is_some()) || news.iter().any(News::is_first);
            if is_registered { 0 } else { waiting + news.len() }
        };
        let ids: BTreeSet<&String> = self.books.keys().chain(self.news.keys()).collect();
        ids.into_iter().map(of_case).sum()
    }

    /// Holds what is stored against what must be: nothing is told of it, but the next telling stands on it.
    pub(super) async fn audit(&mut self) {
        for (id, clocks) in self.hall.stored().await {
            let stored: Vec<legal_time::ClockState> = serde_json::from_str(&clocks).unwrap();
            let book = &self.books[&CaseId::new(id).to_string()];
            assert_eq!(stored, book.clocks, "{:?}", self.manner);
        }
    }
}
