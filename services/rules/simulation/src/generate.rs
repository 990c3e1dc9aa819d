//! Plausible cases for a regime on which nothing happened yet. The same seed gives the same cases.

use chrono::{DateTime, Datelike as _, Days, NaiveTime, TimeDelta, Timelike as _, Utc, Weekday};
use facts::{CaseView, Happened};
use legal_time::Tz;
use rand::{Rng as _, SeedableRng as _, rngs::StdRng, seq::IndexedRandom as _};
use regime::{QuestionKind, Regime, Value, Word};
use std::collections::BTreeMap;

/// What usually happens in a case after it was registered: the fact, the typical hours until it does, how likely it does.
const COURSE: &[(&str, f64, f64)] = &[
    ("case-accepted", 1.0, 1.0),
    ("case-graded", 0.1, 1.0),
    ("validity-judged", 3.0, 0.7),
    ("case-dispatched", 0.5, 1.0),
    ("case-signed", 1.0, 1.0),
    ("investigation-opened", 1.5, 1.0),
    ("complainant-answered", 5.0, 0.8),
    ("case-resolved", 6.0, 0.97),
];

/// When the cases come in, and where.
#[derive(Clone, Copy, Debug)]
pub struct Season {
    pub from: DateTime<Utc>,
    pub days: u32,
    pub zone: Tz,
}

/// Cases as the regime knows them: they come in at any hour, and are handled in office hours.
pub fn generate(regime: &Regime, count: usize, seed: u64, season: Season) -> Vec<CaseView> {
    let mut dice = StdRng::seed_from_u64(seed);
    (1..=count).map(|number| case(regime, number, &mut dice, season)).collect()
}

fn case(regime: &Regime, number: usize, dice: &mut StdRng, season: Season) -> CaseView {
    let minutes = i64::from(season.days.max(1)) * 24 * 60;
    let received_at = season.from + TimeDelta::minutes(dice.random_range(0..minutes));
    let mut at = received_at;
    let mut view = CaseView {
        case_id: format!("case-{number:05}"),
        number: format!("{number:05}"),
        regime_id: regime.id.clone(),
        channel: regime.channels.choose(dice).map(|channel| channel.id.clone()).unwrap_or_default(),
        kind: pick(&regime.words.kinds, dice),
        category: pick(&regime.words.categories, dice),
        received_at,
        facts: answers(regime, dice),
        ..CaseView::default()
    };
    if dice.random_bool(0.1) {
        view.asked_by = (received_at + TimeDelta::days(dice.random_range(1..10))).date_naive().into();
    }
    let mut course: Vec<(&str, f64)> = Vec::new();
    for (word, hours, chance) in COURSE {
        if dice.random_bool(*chance) {
            course.push((word, *hours));
        }
    }
    if course.last().is_some_and(|(word, _)| *word == "case-resolved") {
        course.extend(regime.steps.iter().map(|step| (step.id.as_str(), 1.0)));
        course.extend([("complainant-told", 1.0), ("case-closed", 12.0)]);
    }
    view.history.push(happened("case-registered", at));
    for (word, hours) in course {
        at = at_work(at + delay(hours, dice), season.zone, dice);
        view.history.push(happened(word, at));
        if word == "validity-judged" {
            view.validity = pick(&regime.words.validity, dice);
        }
    }
    view
}

fn happened(word: &str, at: DateTime<Utc>) -> Happened {
    Happened::new(word, None, at)
}

/// Around so many hours: often a little less, now and then much more, as work is.
fn delay(hours: f64, dice: &mut StdRng) -> TimeDelta {
    let slow = if dice.random_bool(0.08) { dice.random_range(3.0..20.0) } else { 1.0 };
    let seconds = hours * 3600.0 * slow * dice.random_range(0.3..1.7);
    TimeDelta::from_std(std::time::Duration::from_secs_f64(seconds)).unwrap_or_default()
}

/// The instant itself, or some time in the next morning of a weekday.
fn at_work(at: DateTime<Utc>, zone: Tz, dice: &mut StdRng) -> DateTime<Utc> {
    let local = at.with_timezone(&zone).naive_local();
    let is_weekend = |day: Weekday| matches!(day, Weekday::Sat | Weekday::Sun);
    if (9..18).contains(&local.hour()) && !is_weekend(local.weekday()) {
        return at;
    }
    let mut day = if local.hour() < 9 { local.date() } else { local.date() + Days::new(1) };
    while is_weekend(day.weekday()) {
        day = day + Days::new(1);
    }
    let minutes = dice.random_range(0..180);
    let morning = NaiveTime::from_hms_opt(9 + minutes / 60, minutes % 60, 0).unwrap_or_default();
    day.and_time(morning).and_local_timezone(zone).earliest().map_or(at, |at| at.to_utc())
}

fn pick(words: &[Word], dice: &mut StdRng) -> String {
    words.choose(dice).map(|word| word.id.clone()).unwrap_or_default()
}

/// Most answers are the default; the rest is anything that may be answered.
fn answers(regime: &Regime, dice: &mut StdRng) -> BTreeMap<String, Value> {
    let mut answers = BTreeMap::new();
    for question in &regime.words.facts {
        let value = match question.kind {
            _ if dice.random_bool(0.75) => question.default.clone(),
            QuestionKind::Flag => Value::Flag(dice.random_bool(0.5)),
            QuestionKind::Number => Value::Number(dice.random_range(0..6)),
            QuestionKind::Word => Value::Word(pick(&question.words, dice)),
        };
        answers.insert(question.name.clone(), value);
    }
    answers
}
