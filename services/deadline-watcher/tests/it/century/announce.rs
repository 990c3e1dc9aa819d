//! The calendars of the simulation as everybody can know them: the shipped years, each further one announced in its
//! autumn, days off and hours of units; and how they are brought to the watcher.

use super::hall::Hall;
use crate::harness::{PATIENCE, told};
use chrono::{DateTime, Datelike as _, Days, NaiveDate, Utc, Weekday};
use contracts::deadline_watcher::{
    ApproveCalendarRequest, ListCalendarChangesRequest, ProposeCalendarRequest, WithdrawCalendarRequest,
};
use kit_testing::eventually;
use legal_time::{Calendar, Layer, Shelf, Tz};
use rand::Rng as _;
use rand::rngs::StdRng;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use uuid::Uuid;

/// Every unit: its parent, kind and zone.
pub(super) const UNITS: [(&str, &str, &str, &str); 9] = [
    ("g", "", "group", "Asia/Shanghai"),
    ("north", "g", "region", ""),
    ("b03", "north", "branch", ""),
    ("b03-eng", "b03", "department", ""),
    ("west", "g", "region", "Asia/Urumqi"),
    ("b07", "west", "branch", ""),
    ("abroad", "g", "region", "Europe/Berlin"),
    ("b11", "abroad", "branch", ""),
    ("b13", "abroad", "branch", "America/Havana"),
];

/// A unit and those above it, the nearest first.
fn chain(unit: &str) -> Vec<&'static str> {
    let (mut chain, mut next) = (Vec::new(), unit.to_owned());
    while let Some((id, parent, ..)) = UNITS.iter().find(|(id, ..)| *id == next) {
        chain.push(*id);
        next = (*parent).to_owned();
    }
    chain
}

pub(super) fn zone(unit: &str) -> Tz {
    let zones = chain(unit).into_iter().map(|unit| UNITS.iter().find(|(id, ..)| *id == unit).unwrap().3);
    legal_time::zone(zones.into_iter().find(|zone| !zone.is_empty()).unwrap()).unwrap()
}

/// What is published, and the calendars that it makes.
#[derive(Clone, Default)]
pub(super) struct Calendars {
    shelf: Arc<Shelf>,
    made: BTreeMap<&'static str, Arc<Calendar>>,
}

impl Calendars {
    /// Those that come with the release.
    pub(super) fn shipped() -> Self {
        let body = packs::calendar("cn").unwrap();
        Self::default().with("cn", Layer::from_csv("cn", &body).unwrap())
    }

    /// These and a new version of a layer, as the house keeps it: as CSV.
    fn with(&self, id: &str, layer: Layer) -> Self {
        let mut shelf = Shelf::clone(&self.shelf);
        let kept = Layer::from_csv(id, &layer.to_csv()).unwrap();
        let version = shelf.layer(id, None).map_or(1, |(version, _)| version + 1);
        shelf.publish(version, DateTime::UNIX_EPOCH, kept);
        let made = UNITS.map(|(unit, ..)| {
            let layers: Vec<&str> = chain(unit).into_iter().chain(["cn"]).rev().collect();
            (unit, Arc::new(shelf.calendar(&layers, None).unwrap()))
        });
        Self { shelf: Arc::new(shelf), made: made.into_iter().collect() }
    }

    /// These and what a proposal says; none if it says nothing new.
    fn proposed(&self, id: &str, rows: &str) -> Option<Self> {
        let layer = Layer::from_csv(id, &format!("date,kind,name\n{rows}")).unwrap();
        let Some((_, present)) = self.shelf.layer(id, None) else { return Some(self.with(id, layer)) };
        let layer = layer.over(present);
        (layer.to_csv() != present.to_csv()).then(|| self.with(id, layer))
    }

    pub(super) fn of(&self, unit: &str) -> &Arc<Calendar> {
        &self.made[unit]
    }

    /// Whether nothing was published between the two.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.shelf, &other.shelf)
    }

    /// The last day that is announced.
    pub(super) fn announced(&self) -> NaiveDate {
        self.of("g").covered_until()
    }
}

/// A change that somebody wants: of which layer, and its rows.
pub(super) type Change = (&'static str, String);

/// The holidays of a year, as they are announced in the autumn before: about those of the State Council's notices, each
/// with the days on which its week is made up for.
pub(super) fn year(rng: &mut StdRng, year: i32) -> Change {
    let mut days: BTreeMap<NaiveDate, &str> = BTreeMap::new();
    let spring = 20 + rng.random_range(0..30);
    for (first, length) in [(0, 1), (spring, 8), (93, 3), (120, 5), (165, 3), (260, 3), (273, 7)] {
        let first = NaiveDate::from_yo_opt(year, 1).unwrap() + Days::new(first + rng.random_range(0..3));
        let holiday: Vec<NaiveDate> = first.iter_days().take(length).collect();
        days.extend(holiday.iter().map(|day| (*day, "off")));
        // One or two days of the weekends around it are worked.
        let around = (first - Days::new(7)).iter_days().take(21).filter(|day| is_weekend(*day) && day.year() == year);
        for day in around {
            if length > 3 && rng.random_bool(0.3) {
                days.entry(day).or_insert("work");
            }
        }
    }
    ("cn", rows(&days))
}

/// Something else: a day off for everybody, for a region or a branch, or other hours there.
pub(super) fn other(rng: &mut StdRng, today: NaiveDate) -> Change {
    let day = today + Days::new(rng.random_range(0..30));
    let off = |length: usize| rows(&day.iter_days().take(length).map(|day| (day, "off")).collect());
    match rng.random_range(0..6) {
        // For everybody only within what is announced: a day of a later year would announce that year.
        0 if day.year() == today.year() => ("cn", off(1)),
        0 | 1 => ("north", off(3)),
        2 => ("b07", off(1)),
        3 => ("abroad", off(2)),
        4 => (
            "west",
            ["mon-fri,hours,10:00-14:00 16:00-20:00\n", "mon-fri,hours,09:30-13:30 15:30-19:30\n"]
                [rng.random_range(0..2)]
            .to_owned(),
        ),
        _ => (
            "b03",
            ["mon-fri,hours,08:30-12:00 14:00-18:00\n", "mon-sat,hours,09:00-17:00\n"][rng.random_range(0..2)]
                .to_owned(),
        ),
    }
}

fn is_weekend(day: NaiveDate) -> bool {
    matches!(day.weekday(), Weekday::Sat | Weekday::Sun)
}

fn rows(days: &BTreeMap<NaiveDate, &str>) -> String {
    days.iter().map(|(day, kind)| format!("{day},{kind},假\n")).collect()
}

/// Brings a change to the watcher, has it held against the cases, and approves or withdraws it. Answers the calendars
/// from then on; the walk is still under way. None if the change says nothing new or was withdrawn.
pub(super) async fn bring(hall: &Hall, present: &Calendars, change: &Change, is_wanted: bool) -> Option<Calendars> {
    let (id, rows) = change;
    let next = present.proposed(id, rows);
    let request = ProposeCalendarRequest {
        request_id: Uuid::new_v4().to_string(),
        calendar_id: (*id).to_owned(),
        body: format!("date,kind,name\n{rows}"),
        actor: "operator:lin".to_owned(),
        reason: "放假安排的通知".to_owned(),
    };
    let mut client = hall.calendars().await;
    let answer = told(client.propose_calendar(hall.of("service:jiesu", request)).await);
    let Some(next) = next else {
        assert_eq!(answer.unwrap_err().code, "nothing-new");
        return None;
    };
    let change_id = answer.unwrap().change_id;
    eventually("the change is checked", PATIENCE, async || {
        let list = hall.of("service:jiesu", ListCalendarChangesRequest {});
        let changes = told(hall.calendars().await.list_calendar_changes(list).await).unwrap().changes;
        let is = changes.into_iter().find(|one| one.change_id == change_id).unwrap().state;
        if is == "checked" { Ok(()) } else { Err(is) }
    })
    .await;
    let (request_id, actor, reason) = (Uuid::new_v4().to_string(), "operator:lin".to_owned(), "核对无误".to_owned());
    if is_wanted {
        let approval = ApproveCalendarRequest { request_id, change_id, actor, reason };
        told(client.approve_calendar(hall.of("service:jiesu", approval)).await).unwrap();
        return Some(next);
    }
    let withdrawal = WithdrawCalendarRequest { request_id, change_id, actor, reason };
    told(client.withdraw_calendar(hall.of("service:jiesu", withdrawal)).await).unwrap();
    None
}

/// The years that nobody has announced yet and that everybody waits for by now.
pub(super) fn missing(calendars: &Calendars, now: DateTime<Utc>) -> BTreeSet<i32> {
    let autumn = if (now.month(), now.day()) >= (11, 10) { now.year() + 1 } else { now.year() };
    (calendars.announced().year() + 1..=autumn).collect()
}
