//! A new version of a calendar: laid before the house, found to be right, and approved or withdrawn by a person.

use crate::law::{self, House, Proposed};
use crate::publish;
use crate::store::change::{self, Change};
use crate::store::published;
use chrono::NaiveDate;
use contracts::Fact;
use contracts::deadline_watcher::CalendarPublished;
use kit_core::{FieldProblem, Problem, Text};
use kit_db::{Error, Result};
use kit_grpc::timestamp;
use kit_ids::ChangeId;
use kit_messaging::{Decided, Tx};
use kit_reference::Reference;
use legal_time::{CalendarError, Layer};
use prost::Message as _;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The largest calendar taken in, in bytes: a century of days, every one of them named.
const LARGEST: usize = 1024 * 1024;

/// Reads a proposed layer and holds it against the house.
///
/// # Errors
/// Nobody counts by such a calendar; or everything that is wrong with it, line by line.
pub(crate) fn read(house: &House, calendar_id: &str, body: &str) -> std::result::Result<Proposed, Problem> {
    let is_unit = house.directory().unit(calendar_id).is_some();
    let known: BTreeSet<&str> = house.calendars().shelf().latest_of_all().map(|(id, ..)| id).collect();
    let named = house.named_by_regimes();
    if !is_unit && !known.contains(calendar_id) && !named.contains(calendar_id) {
        return Err(unknown(calendar_id, known.union(&named).copied()));
    }
    if body.len() > LARGEST {
        return Err(Problem::field("body", "too-large", "日历文件不得超过 1 MB", "A calendar has at most 1 MB"));
    }
    let layer = if body.trim_start_matches('\u{feff}').trim_start().starts_with("BEGIN:VCALENDAR") {
        Layer::from_ical(calendar_id, body.as_bytes())
    } else {
        Layer::from_csv(calendar_id, body)
    };
    let mut layer = layer.map_err(|errors| mistaken(&errors))?;
    if let Some((_, present)) = house.calendars().shelf().layer(calendar_id, None) {
        // The arrangement of one year, as it is published each autumn, says nothing of the others.
        layer = layer.over(present);
        if present.to_csv() == layer.to_csv() {
            let (zh, en) = ("与现行版本相同", "It says what the version in force says");
            return Err(Problem::field("body", "nothing-new", zh, en));
        }
    }
    // Kept as CSV, whatever it was brought as; what is kept must read as what was looked at.
    let layer = Layer::from_csv(calendar_id, &layer.to_csv()).map_err(|errors| mistaken(&errors))?;
    let proposed = Proposed { calendar_id: calendar_id.to_owned(), layer };
    let mistakes = house.with(&proposed).calendars().mistakes();
    if mistakes.is_empty() { Ok(proposed) } else { Err(mistaken(&mistakes)) }
}

fn unknown<'a>(id: &str, known: impl Iterator<Item = &'a str>) -> Problem {
    let (mut zh, mut en) = (format!("没有日历或单位“{id}”"), format!("There is no calendar and no unit `{id}`"));
    if let Some(near) = regime::nearest(id, known) {
        zh.push_str(&format!("；是否指“{near}”？"));
        en.push_str(&format!("; did you mean `{near}`?"));
    }
    Problem::field("calendar_id", "unknown-calendar", zh, en)
}

fn mistaken(errors: &[CalendarError]) -> Problem {
    let mut problem = Problem::invalid(
        "invalid-calendar",
        format!("日历有 {} 处错误,未予采用", errors.len()),
        format!("The calendar has {} errors and was not taken", errors.len()),
    );
    problem.fields = errors
        .iter()
        .map(|error| FieldProblem {
            field: format!("{}:{}", error.id, error.line),
            text: Text::new(error.zh.as_str(), error.en.as_str()),
        })
        .collect();
    problem
}

/// Notes a proposal; the walk through the cases begins by itself.
pub(crate) async fn propose(tx: &mut Tx, house: &House, proposed: Proposed, by: &Decided) -> Result<ChangeId> {
    let id = ChangeId::new(tx.id());
    by.keep(tx, "propose-calendar", &id.to_string()).await?;
    let days = differing(house, &proposed).into_iter().map(|day| day.to_string()).collect();
    let base = house.calendars().shelf().layer(&proposed.calendar_id, None).map_or(0, |(version, _)| version);
    let change = Change {
        change_id: id.uuid(),
        base_version: stored(base)?,
        body: proposed.layer.to_csv(),
        calendar_id: proposed.calendar_id,
        state: "checking".to_owned(),
        proposed_at: tx.now(),
        proposed_by: by.actor().to_owned(),
        reason: by.reason().to_owned(),
        decided_at: None,
        decided_by: None,
        version: None,
        days,
    };
    change::propose(tx.conn(), &change).await?;
    Ok(id)
}

/// The days of which the two versions say different things.
fn differing(house: &House, proposed: &Proposed) -> Vec<NaiveDate> {
    let said = |layer: &Layer| layer.days().map(|(day, mark, _)| (day, mark)).collect::<BTreeMap<_, _>>();
    let new = said(&proposed.layer);
    let old =
        house.calendars().shelf().layer(&proposed.calendar_id, None).map(|(_, old)| said(old)).unwrap_or_default();
    let days: BTreeSet<NaiveDate> = new.keys().chain(old.keys()).copied().collect();
    days.into_iter().filter(|day| new.get(day) != old.get(day)).collect()
}

/// Puts a version in force that has been held against every running case.
///
/// # Errors
/// It has not been looked at whole, was decided already, or no longer fits what was published since.
pub(crate) async fn approve(tx: &mut Tx, reference: &law::Reference, id: ChangeId, by: &Decided) -> Result<u32> {
    let house = alone(tx, reference).await?;
    let change = open(tx, id).await?;
    if change.state == "checking" {
        let (zh, en) =
            ("影响尚未核查完毕,请稍后再批准", "What it would do has not been found out whole; approve it later");
        return Err(Problem::conflict("still-checking", zh, en).into());
    }
    let present = house.calendars().shelf().layer(&change.calendar_id, None).map_or(0, |(version, _)| version);
    if stored(present)? != change.base_version {
        // It was made over an older version, would take back what has come since, and was held against neither.
        let (zh, en) = (
            "提议之后该日历已有新版本,请撤回并重新提议",
            "A newer version has come into force since this was proposed; withdraw it and propose it again",
        );
        return Err(Problem::conflict("calendar-changed", zh, en).into());
    }
    let layer = Layer::from_csv(&change.calendar_id, &change.body).map_err(|errors| mistaken(&errors))?;
    let proposed = Proposed { calendar_id: change.calendar_id.clone(), layer };
    // The layers of units may have changed since.
    let mistakes = house.with(&proposed).calendars().mistakes();
    if !mistakes.is_empty() {
        return Err(mistaken(&mistakes).into());
    }
    let version = present + 1;
    by.keep(tx, "approve-calendar", &id.to_string()).await?;
    let now = tx.now();
    change::decide(tx.conn(), id.uuid(), Some(stored(version)?), by.actor(), now).await?;
    put(tx, &proposed, version, &id.to_string()).await?;
    Ok(version)
}

/// The law as it is once nobody else publishes or counts.
async fn alone(tx: &mut Tx, reference: &law::Reference) -> Result<Arc<House>> {
    published::alone(tx.conn()).await?;
    reference.reload().await?;
    Ok(reference.get())
}

/// A version as a row keeps it.
fn stored(version: u32) -> Result<i32> {
    i32::try_from(version).map_err(|_| Error::Corrupt("too many versions of a calendar".to_owned()))
}

/// Takes a proposal back.
///
/// # Errors
/// It was decided already.
pub(crate) async fn withdraw(tx: &mut Tx, id: ChangeId, by: &Decided) -> Result<()> {
    open(tx, id).await?;
    by.keep(tx, "withdraw-calendar", &id.to_string()).await?;
    let now = tx.now();
    change::decide(tx.conn(), id.uuid(), None, by.actor(), now).await
}

async fn open(tx: &mut Tx, id: ChangeId) -> Result<Change> {
    let unknown = || Problem::not_found("unknown-change", "没有这项日历变更", "There is no such change of a calendar");
    let change = change::lock(tx.conn(), id.uuid()).await?.ok_or_else(unknown)?;
    if !matches!(change.state.as_str(), "checking" | "checked") {
        return Err(Problem::conflict("change-decided", "该变更已有决定", "This change has been decided").into());
    }
    Ok(change)
}

async fn put(tx: &mut Tx, proposed: &Proposed, version: u32, change_id: &str) -> Result<()> {
    let event = CalendarPublished {
        calendar_id: proposed.calendar_id.clone(),
        version,
        body: proposed.layer.to_csv(),
        change_id: change_id.to_owned(),
        known_from: Some(timestamp(tx.now())),
    };
    let row = house::entry(&Fact::CalendarPublished(event.clone()));
    Reference::<House>::put(tx, row.as_slice()).await?;
    publish::calendar(tx, &event);
    Ok(())
}

/// Tells every version anew, once for an installation: those who follow did not keep calendars before, and have passed
/// what told them first. A version is kept under its number, so that it changes nothing to hear of it twice.
async fn tell_again(tx: &mut Tx) -> Result<()> {
    for body in published::untold(tx.conn()).await? {
        let event = CalendarPublished::decode(body.as_slice()).map_err(|error| Error::Corrupt(error.to_string()))?;
        publish::calendar(tx, &event);
    }
    Ok(())
}

/// Publishes the first version of each shipped calendar, and lays before the house what a later release has changed.
pub(crate) async fn ship(tx: &mut Tx, reference: &law::Reference) -> Result<()> {
    // Of replicas that start at once, one ships; the next sees that it is done.
    let house = &*alone(tx, reference).await?;
    tell_again(tx).await?;
    for name in packs::calendars() {
        let Some(body) = packs::calendar(&name) else { continue };
        let layer = Layer::from_csv(&name, &body).map_err(|errors| mistaken(&errors))?;
        if house.calendars().shelf().layer(&name, None).is_none() {
            put(tx, &Proposed { calendar_id: name, layer }, 1, "").await?;
            continue;
        }
        // What an earlier version said already is not laid before the house again, whatever it has become since.
        let is_shipped_before = house.calendars().is_published(&name, &layer);
        let Ok(proposed) = read(house, &name, &body) else { continue };
        if is_shipped_before || change::is_known(tx.conn(), &name, &proposed.layer.to_csv()).await? {
            continue;
        }
        let by = Decided::new("release", "新版本所带的日历 / the calendar of a new release")?;
        let id = propose(tx, house, proposed, &by).await?;
        tracing::info!(change = %id, calendar = name, "the release has another calendar; it waits for approval");
    }
    Ok(())
}
