//! What must have been told of one case: the facts that its services have said so far, the clocks that follow from them
//! and from the calendars that were known, and every order in which a replica may have learned what came at once.

use super::announce::{Calendars, zone};
use super::ledger::Ledger;
use super::news::{Known, News, Window};
use super::tell::{Promises, Told, tell};
use chrono::{DateTime, Utc};
use contracts::Fact;
use facts::CaseView;
use legal_time::{ClockState, Counting, Phase, derive};
use regime::Regime;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The regimes by their ids.
pub(super) type Regimes = BTreeMap<String, Arc<Regime>>;

/// One case.
#[derive(Clone, Default)]
pub(super) struct Book {
    pub(super) view: Option<CaseView>,
    pub(super) clocks: Vec<ClockState>,
    derived_at: DateTime<Utc>,
    promises: Promises,
    pub(super) ledger: Ledger,
    /// Facts that wait for the case to be registered.
    pub(super) waiting: Vec<News>,
}

impl Book {
    /// When a clock changes next by itself.
    pub(super) fn next(&self) -> Option<DateTime<Utc>> {
        let running = self.clocks.iter().filter(|clock| clock.stopped.is_none());
        let next = running.filter_map(|clock| {
            if clock.phase() == Phase::Paused {
                return clock.pauses.iter().filter(|pause| pause.until.is_none()).filter_map(|p| p.at_most).min();
            }
            clock.marks.iter().filter(|mark| !mark.is_fired).map(|mark| mark.at).min()
        });
        next.min()
    }

    /// Takes in what was learned and what was told meanwhile, if any order of learning explains just that.
    ///
    /// # Errors
    /// What would have been told had everything been learned at once.
    pub(super) fn explain(&mut self, news: Vec<News>, told: &[Told], window: &Window<'_>) -> Result<(), Vec<Told>> {
        let mut all = std::mem::take(&mut self.waiting);
        all.extend(news);
        if self.view.is_none() && !all.iter().any(News::is_first) {
            self.waiting = all.into_iter().filter(|news| matches!(news, News::Fact { .. })).collect();
            return if told.is_empty() { Ok(()) } else { Err(Vec::new()) };
        }
        let mut told = told.to_vec();
        told.sort();
        let known = Known { present: window.present, is_new: false };
        if let Some(after) = self.orders(&all, &told, window, known) {
            *self = after;
            return Ok(());
        }
        let all: Vec<&News> = all.iter().collect();
        let known = known.and(&all);
        Err(self.clone().learn(&all, window, known))
    }

    /// Tries every order, and every way of learning some of them at once, that tells exactly `told`.
    fn orders(&self, news: &[News], told: &[Told], window: &Window<'_>, known: Known) -> Option<Self> {
        if news.is_empty() {
            return told.is_empty().then(|| self.clone());
        }
        // All at once first, then all but the last, and so on: what is likely is found soon.
        for chosen in (1_u32..1 << news.len()).rev() {
            let is_chosen = |n: usize| chosen & (1 << n) != 0;
            let now: Vec<&News> = (0..news.len()).filter(|n| is_chosen(*n)).map(|n| &news[n]).collect();
            let later: Vec<News> = (0..news.len()).filter(|n| !is_chosen(*n)).map(|n| news[n].clone()).collect();
            if !self.is_possible(&now, &later) {
                continue;
            }
            let known = known.and(&now);
            let mut after = self.clone();
            let said = after.learn(&now, window, known);
            let Some(rest) = without(told, said) else { continue };
            if let Some(found) = after.orders(&later, &rest, window, known) {
                return Some(found);
            }
        }
        None
    }

    /// A service is heard in the order in which it speaks, the time does not go back, and nothing is heard of a case before
    /// its registration.
    fn is_possible(&self, now: &[&News], later: &[News]) -> bool {
        let at = |news: &News| match news {
            News::Fact { fact, at } => Some((fact.owner(), *at)),
            News::Tick(at) => Some(("time", *at)),
            News::Calendar => None,
        };
        let is_fact = |news: &&News| matches!(news, News::Fact { .. });
        let is_known = self.view.is_some() || now.iter().any(|news| news.is_first()) || !now.iter().any(is_fact);
        let in_order = later.iter().filter_map(at).all(|(owner, later)| {
            now.iter().filter_map(|news| at(news)).all(|(other, now)| other != owner || now <= later)
        });
        is_known && in_order
    }

    /// Learns some news at once; answers what must be told of it.
    fn learn(&mut self, news: &[&News], window: &Window<'_>, known: Known) -> Vec<Told> {
        let mut is_touched = false;
        let mut facts: Vec<(&Fact, DateTime<Utc>)> = Vec::new();
        for news in news {
            match news {
                News::Fact { fact, at } => facts.push((fact, *at)),
                News::Tick(_) => is_touched |= self.next().is_some_and(|next| next <= known.present),
                News::Calendar => is_touched |= self.clocks.iter().any(|clock| clock.stopped.is_none()),
            }
        }
        facts.sort_by_key(|(fact, _)| !matches!(fact, Fact::CaseRegistered(_)));
        is_touched |= !facts.is_empty();
        for (fact, at) in facts {
            match (&mut self.view, fact) {
                (Some(view), fact) => view.apply(fact, at),
                (none, Fact::CaseRegistered(e)) => {
                    let view = CaseView::open(e, at);
                    self.derived_at = view.received_at;
                    *none = Some(view);
                }
                (None, _) => unreachable!("is_possible"),
            }
        }
        let calendars = if known.is_new { window.calendars.1 } else { window.calendars.0 };
        if is_touched { self.derive(known.present, calendars, window.regimes) } else { Vec::new() }
    }

    fn derive(&mut self, present: DateTime<Utc>, calendars: &Calendars, regimes: &Regimes) -> Vec<Told> {
        let Some(view) = &mut self.view else { return Vec::new() };
        let now = present.max(self.derived_at);
        let unit = view.handling_unit_id.clone().unwrap_or_else(|| view.unit_id.clone());
        let (regime, calendar, zone) = (&regimes[&view.regime_id], calendars.of(&unit), zone(&unit));
        let mut told = Vec::new();
        loop {
            let clocks = derive(&regime.clocks, &Counting::of(regime, calendar, zone), view, now);
            let mut happened = tell(&self.clocks, &clocks, &mut self.promises, now);
            self.clocks = clocks;
            if happened.is_empty() {
                break;
            }
            // Clocks may start and stop on what happens to others, from the instant at which it happened.
            happened.sort_by_key(|(at, _)| *at);
            for (at, one) in happened {
                view.apply(&one.fact(&view.case_id.clone()), at);
                told.push(one);
            }
        }
        self.derived_at = now;
        told
    }
}

/// `all`, which is sorted, without `some`; none if some are not among them.
fn without(all: &[Told], mut some: Vec<Told>) -> Option<Vec<Told>> {
    some.sort();
    let mut some = some.into_iter().peekable();
    let rest = all.iter().filter(|one| some.next_if(|other| other == *one).is_none()).cloned().collect();
    some.peek().is_none().then_some(rest)
}
