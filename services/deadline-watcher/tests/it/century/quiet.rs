//! The quiet moments of a span, at which everything that was said has been heard: what was told is held against what had to
//! be.

use super::book::Book;
use super::news::{News, Window};
use super::tell::Told;
use super::verdict::{Kind, check};
use super::world::World;
use chrono::{DateTime, Utc};
use kit_core::Clock as _;
use kit_ids::CaseId;
use std::collections::{BTreeMap, BTreeSet};

impl World {
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
