//! Compares what a step expects with what the services say.

mod clocks;
mod duties;
mod notices;
mod people;
mod surveys;

use super::{
    play::{Case, Failure, Passed, Play, Stop},
    script::{Expect, Happened},
    seen::{Entry, Seen},
};
use crate::desk::told;
use chrono::{DateTime, Utc};
use contracts::{intake, resolution};

/// Looks at everything that is expected of a case, and remembers what of its dossier was looked at.
pub(super) async fn expect(play: &mut Play<'_>, name: &str, expect: &Expect) -> Passed {
    let case = play.cases.get(name).cloned().unwrap_or_default();
    let seen = Seen::of(&play.world, &case.id).await?;
    let new: Vec<Entry> = seen.entries.iter().filter(|entry| !case.seen.contains(&entry.place)).cloned().collect();
    let new = new.as_slice();
    let failure = |line, expected, happened| Err(Stop::Unexpected(Failure::new(line, expected, happened)));
    if let Some((line, expected)) = missing_fact(play, &expect.facts, new) {
        return failure(line, expected, listed(play, new));
    }
    for fact in &expect.no_facts {
        if let Some(entry) = new.iter().find(|entry| entry.is(fact)) {
            return failure(expect.at("no-facts"), format!("no {fact}"), told_of(play, entry));
        }
    }
    notices::notices(play, expect, new)?;
    for (field, wanted) in &expect.fields {
        let mut found: Vec<String> = seen.field(field).iter().map(|value| play.name_of(value)).collect();
        let mut wanted = wanted.clone();
        found.sort();
        wanted.sort();
        if found != wanted {
            return failure(
                expect.at(field),
                format!("{field}: {}", shown(&wanted)),
                format!("{field}: {}", shown(&found)),
            );
        }
    }
    standing(play, expect, &seen)?;
    duties::duties(play, &expect.duties).await?;
    surveys::surveys(play, &expect.surveys).await?;
    clocks::clocks(play, &case, &expect.clocks).await?;
    people::people(play, name, &case, expect).await?;
    if let Some(stage) = &expect.stage {
        let request = intake::FollowRequest { receipt_code: case.receipt_code.clone(), number: case.number.clone() };
        let followed = play.world.client.intake().follow(kit_grpc::Call::default().request(request)).await;
        let found = told(followed).map_or_else(|problem| super::play::spelled(&problem), |reply| reply.stage);
        if found != *stage {
            return failure(expect.at("stage"), format!("stage: {stage}"), format!("stage: {found}"));
        }
    }
    if !expect.guidance.is_empty() {
        let handler = play.who(name, regime::vocabulary::HANDLER).await?;
        let read = guidance(play, &case, &handler).await;
        if let Some(say) = expect.guidance.iter().find(|say| !read.iter().any(|text| text.contains(*say))) {
            return failure(expect.at("guidance"), format!("guidance: {say}"), shown(&read));
        }
    }
    if let Some(case) = play.cases.get_mut(name) {
        case.seen.extend(seen.entries.iter().map(|entry| entry.place));
    }
    Ok(())
}

/// How far the case is, what is demanded in it, and what it is linked to.
fn standing(play: &Play<'_>, expect: &Expect, seen: &Seen) -> Passed {
    let failure = |key: &str, expected: String, happened: String| {
        Err(Stop::Unexpected(Failure::new(expect.at(key), format!("{key}: {expected}"), format!("{key}: {happened}"))))
    };
    let view = seen.view();
    if let Some(stage) = &expect.course {
        let reached = play.regime_of(&view).stage(&view).map_or("none", |stage| stage.id.as_str());
        if reached != stage {
            return failure("course", stage.clone(), reached.to_owned());
        }
    }
    for (order, wanted) in &expect.orders {
        let state = match view.orders.iter().rev().find(|one| one.order == *order) {
            None => "none",
            Some(one) if one.is_answered => "answered",
            Some(_) => "open",
        };
        if state != wanted {
            return failure("orders", format!("{order}: {wanted}"), format!("{order}: {state}"));
        }
    }
    for (ledger, wanted) in &expect.ledgers {
        let entered = regime::FactRef::about("ledger-entered", &**ledger);
        let rows = seen.entries.iter().filter(|entry| entry.is(&entered)).count();
        if rows != *wanted {
            return failure("ledgers", format!("{ledger}: {wanted}"), format!("{ledger}: {rows}"));
        }
    }
    if let Some(wanted) = &expect.dossier_lacks {
        let lacks = play.script.regime.missing_in_file(&view, &view.form_fields);
        let mut found: Vec<String> = lacks.iter().filter_map(|lack| Some(lack.needs.as_ref()?.to_string())).collect();
        let mut wanted: Vec<String> = wanted.iter().filter(|one| *one != "none").cloned().collect();
        found.sort();
        wanted.sort();
        if found != wanted {
            return failure("dossier-lacks", shown(&wanted), shown(&found));
        }
    }
    if let Some(wanted) = &expect.linked {
        let mut found: Vec<String> = view.links.iter().map(|(relation, _)| relation.clone()).collect();
        let mut wanted: Vec<String> = wanted.iter().filter(|one| *one != "none").cloned().collect();
        found.sort();
        wanted.sort();
        if found != wanted {
            return failure("linked", shown(&wanted), shown(&found));
        }
    }
    Ok(())
}

/// The first of the facts that is not there in its turn. What happens at one instant is told by several services, in no
/// order between them; so a fact may stand anywhere at its instant, and never before one that is expected earlier.
fn missing_fact(play: &Play<'_>, wanted: &[Happened], new: &[Entry]) -> Option<(u32, String)> {
    let mut left: Vec<&Entry> = new.iter().collect();
    let mut since = DateTime::<Utc>::MIN_UTC;
    for one in wanted {
        let found = left.iter().position(|entry| entry.at >= since && is_it(play, one, entry));
        let Some(place) = found else { return Some((one.line, fact_text(play, one))) };
        since = left.remove(place).at;
    }
    None
}

fn fact_text(play: &Play<'_>, wanted: &Happened) -> String {
    let at = wanted.at.map(|at| format!(" at {}", play.local(at))).unwrap_or_default();
    let by = wanted.by.as_ref().map(|by| format!(" by {by}")).unwrap_or_default();
    let details = wanted.details.iter().map(|(name, value)| format!(", {name}: {}", detail_text(play, value)));
    format!("{}{at}{by}{}", wanted.fact, details.collect::<String>())
}

fn is_it(play: &Play<'_>, wanted: &Happened, entry: &Entry) -> bool {
    // Both in the words of a scenario.
    let is_same = |found: String, wanted: &str| detail_text(play, &found) == detail_text(play, wanted);
    entry.is(&wanted.fact)
        && wanted.at.is_none_or(|at| at == entry.at)
        && wanted.by.as_ref().is_none_or(|by| *by == play.name_of(&entry.actor))
        && wanted.details.iter().all(|(name, value)| entry.detail(name).is_some_and(|found| is_same(found, value)))
}

/// A detail in the words of a scenario: people by login, instants in its zone.
fn detail_text(play: &Play<'_>, value: &str) -> String {
    match DateTime::parse_from_rfc3339(value) {
        Ok(at) => play.local(at.to_utc()),
        Err(_) => play.name_of(value),
    }
}

/// What the regime advises somebody in the case; it is evidence, too.
pub(super) async fn guidance(play: &mut Play<'_>, case: &Case, login: &str) -> Vec<String> {
    let request = resolution::GetCaseRequest { case_id: case.id.clone() };
    let read = told(play.world.client.resolution().get_case(play.call(login).request(request)).await);
    let read: Vec<_> = read.map(|reply| reply.guidance).unwrap_or_default();
    play.evidence.in_case(&case.id).guidance.extend(read.iter().map(|text| text.zh.clone()));
    read.into_iter().map(|text| format!("{} / {}", text.zh, text.en)).collect()
}

fn shown(list: &[String]) -> String {
    if list.is_empty() { "none".to_owned() } else { list.join(", ") }
}

fn listed(play: &Play<'_>, entries: &[Entry]) -> String {
    if entries.is_empty() {
        return "nothing".to_owned();
    }
    entries.iter().map(|entry| format!("\n      {}", told_of(play, entry))).collect()
}

/// A line of the timeline.
pub(super) fn told_of(play: &Play<'_>, entry: &Entry) -> String {
    let details = entry.details.iter().filter(|(_, value)| !value.is_null());
    let details: String = details
        .filter_map(|(name, _)| {
            Some(format!("  {}: {}", name.replace('_', "-"), detail_text(play, &entry.detail(name)?)))
        })
        .collect();
    format!("{}  {}  ({}){details}", play.local(entry.at), entry.fact, play.name_of(&entry.actor))
}
