//! What a fact makes happen of itself, for whoever owns an effect and does it; and how an effect stands in an event.

use crate::{CaseView, names};
use contracts::Fact;
use contracts::deadline_watcher as wire;
use regime::{Assessed, Effect, FactRef, Recipient, Regime};
use serde_json::Value;

/// An effect that is due, and the clause behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueEffect {
    pub effect: Effect,
    pub cite: String,
}

/// What the fact, which the case has already taken in, makes happen: what it carries itself, as a miss and a breach do,
/// and then what the rules say of it. Each rule speaks once, however many things the fact says.
pub fn effects(regime: &Regime, case: &CaseView, fact: &Fact) -> Vec<DueEffect> {
    let mut due = carried(regime, fact);
    let mut spoken = Vec::new();
    for (word, arg) in words(fact) {
        let fact = FactRef { word: word.to_owned(), arg: arg.map(str::to_owned) };
        for rule in regime.effects_on(&fact, case) {
            if !spoken.iter().any(|other| std::ptr::eq(*other, rule)) {
                spoken.push(rule);
                due.push(DueEffect { effect: rule.effect.clone(), cite: rule.cite.clone() });
            }
        }
    }
    due
}

fn words(fact: &Fact) -> Vec<(&str, Option<&str>)> {
    let mut words = names(fact);
    if matches!(fact, Fact::CaseRegistered(_)) {
        words.push(("case-recorded", None));
    }
    words
}

fn carried(regime: &Regime, fact: &Fact) -> Vec<DueEffect> {
    let (climb, effects, clock, cite) = match fact {
        Fact::ClockMissed(e) => (e.climb, &e.effects, e.clock.as_str(), e.cite.as_str()),
        Fact::ClockOverdue(e) => (e.climb, &e.effects, e.clock.as_str(), ""),
        Fact::BreachFound(e) => (e.climb, &e.effects, "", e.cite.as_str()),
        _ => return Vec::new(),
    };
    let clock = regime.clocks.iter().find(|one| one.name == clock);
    // The step of a miss may rest on a clause of its own.
    let cited = |effect: &Effect| {
        let is_of = |step: &&regime::MissStep| match effect {
            Effect::Climb(rung) => step.climb == *rung,
            other => step.effects.contains(other),
        };
        let step = clock.and_then(|clock| clock.missed.iter().find(is_of)).map(|step| step.cite.as_str());
        step.or(clock.map(|clock| clock.cite.as_str()).filter(|_| cite.is_empty())).unwrap_or(cite).to_owned()
    };
    let climb = (climb > 0).then_some(Effect::Climb(climb));
    let all = climb.into_iter().chain(effects.iter().filter_map(read));
    all.map(|effect| DueEffect { cite: cited(&effect), effect }).collect()
}

/// The effect as an event carries it.
pub fn written(effect: &Effect) -> wire::Effect {
    let of =
        |kind: &str, what: &str| wire::Effect { kind: kind.to_owned(), what: what.to_owned(), ..Default::default() };
    match effect {
        Effect::Climb(rung) => of("climb", &rung.to_string()),
        Effect::Order(order) => of("order", order),
        Effect::Do(step) => of("do", &step.to_string()),
        Effect::Reopen(stage) => of("reopen", stage),
        Effect::End(outcome) => of("end", outcome),
        Effect::Open { kind, regime } => {
            wire::Effect { regime: regime.clone().unwrap_or_default(), ..of("open", kind) }
        }
        Effect::Tell { to, template } => wire::Effect { to: to.iter().map(to_name).collect(), ..of("tell", template) },
        Effect::Assess { ledger, points, against } => {
            wire::Effect { points: *points, against: against.name().to_owned(), ..of("assess", ledger) }
        }
        Effect::Enter(ledger) => of("enter", ledger),
    }
}

/// The effect that an event carries; none for one that a later build has and this one does not know.
pub fn read(effect: &wire::Effect) -> Option<Effect> {
    let what = || effect.what.clone();
    Some(match effect.kind.as_str() {
        "climb" => Effect::Climb(effect.what.parse().ok()?),
        "order" => Effect::Order(what()),
        "do" => Effect::Do(effect.what.parse().ok()?),
        "reopen" => Effect::Reopen(what()),
        "end" => Effect::End(what()),
        "open" => {
            Effect::Open { kind: what(), regime: Some(effect.regime.clone()).filter(|regime| !regime.is_empty()) }
        }
        "tell" => Effect::Tell { to: effect.to.iter().filter_map(|name| recipient(name)).collect(), template: what() },
        "assess" => {
            let against = [Assessed::Handler, Assessed::FirstContact, Assessed::Unit];
            let against = against.into_iter().find(|one| one.name() == effect.against)?;
            Effect::Assess { ledger: what(), points: effect.points, against }
        }
        "enter" => Effect::Enter(what()),
        _ => return None,
    })
}

/// A recipient by one word: a role by its own, what is neither a role nor one alone by its kind and its own.
fn to_name(to: &Recipient) -> String {
    match serde_json::to_value(to) {
        Ok(Value::String(name)) => name,
        Ok(Value::Object(named)) => {
            let one = named.iter().find_map(|(kind, name)| Some((kind, name.as_str()?)));
            one.map_or_else(String::new, |(kind, name)| match kind.as_str() {
                "role" => name.to_owned(),
                kind => format!("{kind}:{name}"),
            })
        }
        _ => String::new(),
    }
}

fn recipient(name: &str) -> Option<Recipient> {
    let read = |value| serde_json::from_value(value).ok();
    match name.split_once(':') {
        Some((kind, name)) => read(serde_json::json!({ kind: name })),
        None => read(Value::from(name)).or_else(|| Some(Recipient::Role(name.to_owned()))),
    }
}

#[cfg(test)]
mod tests;
