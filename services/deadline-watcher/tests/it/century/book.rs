//! What must have been told of one case: the facts that its services have said so far, the clocks that follow from them
//! and from the calendars that were known, and every order in which a replica may have learned what came at once.

use super::announce::{Calendars, zone};
use super::tell::{Ledger, Told, tell};
use chrono::{DateTime, Utc};
use contracts::Fact;
use facts::CaseView;
use legal_time::{ClockState, Counting, Phase, derive};
use regime::Regime;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The regimes by their ids.
pub(super) type Regimes = BTreeMap<String, Arc<Regime>>;

/// Something that the watcher learned between two quiet moments.
#[derive(Clone, Debug)]
pub(super) enum News {
    /// A fact of a service, and when it happened.
    Fact { fact: Fact, at: DateTime<Utc> },
    /// The time went on.
    Tick,
    /// Another calendar is in force.
    Calendar,
}

/// What was so before and after.
pub(super) struct Window<'a> {
    pub(super) present: (DateTime<Utc>, DateTime<Utc>),
    pub(super) calendars: (&'a Calendars, &'a Calendars),
    pub(super) regimes: &'a Regimes,
}

/// One case.
#[derive(Clone, Default)]
pub(super) struct Book {
    pub(super) view: Option<CaseView>,
    pub(super) clocks: Vec<ClockState>,
    derived_at: DateTime<Utc>,
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
        let is_registered = self.view.is_some()
            || all.iter().any(|news| matches!(news, News::Fact { fact: Fact::CaseRegistered(_), .. }));
        if !is_registered {
            self.waiting = all.into_iter().filter(|news| matches!(news, News::Fact { .. })).collect();
            return if told.is_empty() { Ok(()) } else { Err(Vec::new()) };
        }
        let mut told = told.to_vec();
        told.sort();
        if let Some(after) = self.orders(&all, &told, window, (false, false)) {
            *self = after;
            return Ok(());
        }
        let mut at_once = self.clone();
        Err(at_once.learn(&all.iter().collect::<Vec<_>>(), window, (true, true)))
    }

    /// Tries every order, and every way of learning some of them at once, that tells exactly `told`.
    fn orders(&self, news: &[News], told: &[Told], window: &Window<'_>, had: (bool, bool)) -> Option<Self> {
        if news.is_empty() {
            return told.is_empty().then(|| self.clone());
        }
        // All at once first, then all but the last, and so on: what is likely is found soon.
        for chosen in (1_u32..1 << news.len()).rev() {
            let is_chosen = |n: usize| chosen & (1 << n) != 0;
            let (now, later): (Vec<usize>, Vec<usize>) = (0..news.len()).partition(|n| is_chosen(*n));
            let now: Vec<&News> = now.into_iter().map(|n| &news[n]).collect();
            let later: Vec<News> = later.into_iter().map(|n| news[n].clone()).collect();
            if !self.is_possible(&now, &later) {
                continue;
            }
            let had = (
                had.0 || now.iter().any(|n| matches!(n, News::Tick)),
                had.1 || now.iter().any(|n| matches!(n, News::Calendar)),
            );
            let mut after = self.clone();
            let said = after.learn(&now, window, had);
            let Some(rest) = without(told, said) else { continue };
            if let Some(found) = after.orders(&later, &rest, window, had) {
                return Some(found);
            }
        }
        None
    }

    /// A service is heard in the order in which it speaks, and nothing is heard of a case before its registration.
    fn is_possible(&self, now: &[&News], later: &[News]) -> bool {
        let at = |news: &News| if let News::Fact { fact, at } = news { Some((fact.owner(), *at)) } else { None };
        let is_first = |news: &News| matches!(news, News::Fact { fact: Fact::CaseRegistered(_), .. });
        let has_fact = now.iter().any(|news| at(news).is_some());
        let is_known = self.view.is_some() || now.iter().any(|news| is_first(news)) || !has_fact;
        let in_order = later.iter().filter_map(at).all(|(owner, later)| {
            now.iter().filter_map(|news| at(news)).all(|(other, now)| other != owner || now <= later)
        });
        is_known && in_order
    }

    /// Learns some news at once; answers what must be told of it.
    fn learn(&mut self, news: &[&News], window: &Window<'_>, (has_ticked, has_calendar): (bool, bool)) -> Vec<Told> {
        let mut is_touched = false;
        let mut facts: Vec<(&Fact, DateTime<Utc>)> = Vec::new();
        for news in news {
            match news {
                News::Fact { fact, at } => facts.push((fact, *at)),
                News::Tick => is_touched |= self.next().is_some_and(|next| next <= window.present.1),
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
        let present = if has_ticked { window.present.1 } else { window.present.0 };
        let calendars = if has_calendar { window.calendars.1 } else { window.calendars.0 };
        if is_touched { self.derive(present, calendars, window.regimes) } else { Vec::new() }
    }

    fn derive(&mut self, present: DateTime<Utc>, calendars: &Calendars, regimes: &Regimes) -> Vec<Told> {
        let Some(view) = &mut self.view else { return Vec::new() };
        let now = present.max(self.derived_at);
        let unit = view.handling_unit_id.clone().unwrap_or_else(|| view.unit_id.clone());
        let (regime, calendar, zone) = (&regimes[&view.regime_id], calendars.of(&unit), zone(&unit));
        let mut told = Vec::new();
        loop {
            let clocks = derive(&regime.clocks, &Counting::of(regime, calendar, zone), view, now);
            let mut happened = tell(&self.clocks, &clocks, now);
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
