//! Clocks and cases for the tests of this crate.

use crate::calendar::Calendar;
use crate::count::Counting;
use crate::story::{Dated, Granted, Happening, Matter, More, Story, Suspended};
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use kit_core::Text;
use regime::{
    Case, Clock, Condition, Counts, Ends, Extend, ExtendBy, FactRef, Length, MissStep, Reminder, ReminderAt, Roll,
    Suspend, Term, Together, Value,
};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// The calendar of the State Council's notices, 2020 to 2026.
pub(crate) fn cn() -> &'static Calendar {
    static CN: LazyLock<Calendar> = LazyLock::new(|| Calendar::parse("cn", &packs::calendar("cn").unwrap()).unwrap());
    &CN
}

pub(crate) fn shanghai(calendar: &Calendar) -> Counting<'_> {
    Counting { calendar, zone: Tz::Asia__Shanghai, roll: Roll::default(), ends: Ends::default() }
}

/// An instant given in Shanghai time, `2026-11-17 09:00`.
pub(crate) fn at(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(&format!("{}:00+08:00", text.replace(' ', "T"))).unwrap().to_utc()
}

pub(crate) fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// A clock that always exists, with one term; half time and four hours before it reminds, a miss climbs to the first
/// rung and a day later to the second.
pub(crate) fn clock(name: &str, from: &str, until: &str, take: &[Length]) -> Clock {
    let term = Term {
        condition: Condition::always(),
        during: Vec::new(),
        take: take.to_vec(),
        together: Together::Asked,
        advisory: false,
        cite: "三.1".to_owned(),
    };
    let remind = |at| Reminder { at, tell: vec!["handler".to_owned()] };
    Clock {
        name: name.to_owned(),
        title: Text::new(name, name),
        condition: Condition::always(),
        from: facts(from),
        or_after: Vec::new(),
        is_from_date: false,
        until: facts(until),
        dropped: Vec::new(),
        anew: Vec::new(),
        within: vec![term],
        paused: Vec::new(),
        advisory: false,
        missed: vec![step(None, 1), step(Some(Length::Days(1)), 2)],
        remind: vec![remind(ReminderAt::Percent(50)), remind(ReminderAt::Before(Length::Hours(4)))],
        overrun: None,
        extend: Vec::new(),
        suspend: None,
        cite: "三".to_owned(),
    }
}

/// Facts as a pack writes them, one after the other.
pub(crate) fn facts(text: &str) -> Vec<FactRef> {
    text.split(", ").map(|fact| fact.parse().unwrap()).collect()
}

fn step(after: Option<Length>, climb: u32) -> MissStep {
    MissStep { after, climb, effects: Vec::new(), cite: "三".to_owned() }
}

/// A tier of more time that a head may give once.
pub(crate) fn tier(by: ExtendBy) -> Extend {
    let (condition, ground, counts) = (Condition::always(), None, Counts::FromEnd);
    let (approve, cite) = (Some("head".to_owned()), "四".to_owned());
    Extend { condition, ground, by, times: Some(1), counts, approve, on_notice: false, cite }
}

/// A clock may be suspended, for `cap` at most.
pub(crate) fn suspend(cap: Option<Length>) -> Suspend {
    let (condition, ground, times) = (Condition::always(), None, None);
    Suspend { condition, ground, cap, times, approve: Some("head".to_owned()), cite: "五".to_owned() }
}

/// A case of which only the story matters.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sample(pub(crate) Story<'static>);

impl Sample {
    pub(crate) fn of(happened: &[(&'static str, &str)]) -> Self {
        let happened = happened.iter().map(|(word, when)| Happening::new(word, None, at(when))).collect();
        Self(Story { happened, ..Story::default() })
    }

    pub(crate) fn then(mut self, word: &'static str, when: &str) -> Self {
        self.0.happened.push(Happening::new(word, None, at(when)));
        self
    }

    /// A fact that names something in its brackets, as a pack writes it.
    pub(crate) fn about(mut self, fact: &'static str, when: &str) -> Self {
        let (word, arg) = fact.strip_suffix(')').and_then(|fact| fact.split_once('(')).unwrap_or((fact, ""));
        let arg = (!arg.is_empty()).then_some(arg);
        self.0.happened.push(Happening::new(word, arg, at(when)));
        self
    }

    /// What was done last no longer counts: the case went back behind it.
    pub(crate) fn lapsed(mut self) -> Self {
        self.0.happened.last_mut().unwrap().is_lapsed = true;
        self
    }

    /// A fact of which only the day is known.
    pub(crate) fn on(mut self, word: &'static str, day: &str) -> Self {
        let fact = Happening { is_dated: true, ..Happening::new(word, None, at(&format!("{day} 00:00"))) };
        self.0.happened.push(fact);
        self.0.happened.sort_by_key(|fact| fact.at);
        self
    }

    pub(crate) fn granted(mut self, clock: &'static str, until: &str, when: &str) -> Self {
        self.0.granted.push(Granted { clock, more: More::Until(date(until)), tier: 0, at: at(when) });
        self
    }

    /// A tier of more time, whole.
    pub(crate) fn more(mut self, clock: &'static str, by: Length, tier: u32, when: &str) -> Self {
        self.0.granted.push(Granted { clock, more: More::By(by), tier, at: at(when) });
        self
    }

    pub(crate) fn suspended(mut self, clock: &'static str, from: &str, until: Option<&str>) -> Self {
        self.0.suspended.push(Suspended { clock, from: at(from), until: until.map(at), last_day: None });
        self
    }

    pub(crate) fn dated(mut self, clock: &'static str, day: &str, when: &str) -> Self {
        self.0.dated.push(Dated { clock, date: date(day), at: at(when) });
        self
    }
}

impl Case for Sample {
    fn variables(&self) -> BTreeMap<String, Value> {
        BTreeMap::new()
    }

    fn has(&self, fact: &FactRef) -> bool {
        self.0.happened.iter().any(|h| fact.matches(h.word, h.arg))
    }
}

impl Matter for Sample {
    fn story(&self) -> Story<'_> {
        self.0.clone()
    }
}
