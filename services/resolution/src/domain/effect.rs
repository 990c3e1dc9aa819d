//! What facts make happen of themselves, as far as it is resolution's to do.

use super::{Case, Event, event::Done};
use contracts::Fact;
use regime::{Effect, Regime};

/// What `fact`, which the case has taken in, brings about here.
pub(crate) fn brought(case: &Case, regime: &Regime, fact: &Fact) -> Vec<Event> {
    let cause = facts::names(fact).first().map_or_else(String::new, |(word, arg)| match arg {
        Some(arg) => format!("{word}({arg})"),
        None => (*word).to_owned(),
    });
    let effects = facts::effects(regime, &case.view, fact);
    let due = effects.into_iter().map(|due| (due.effect, due.cite)).chain(appealed(regime, fact));
    due.filter_map(|(effect, cite)| event(case, regime, effect, &cause, cite)).collect()
}

/// An appeal brings the case back to the stage that its tier names.
fn appealed(regime: &Regime, fact: &Fact) -> Option<(Effect, String)> {
    let Fact::AppealLodged(lodged) = fact else { return None };
    let tier = regime.appeals.iter().find(|appeal| appeal.tier == lodged.tier)?;
    Some((Effect::Reopen(tier.reopen.clone()?), tier.cite.clone()))
}

fn event(case: &Case, regime: &Regime, effect: Effect, cause: &str, cite: String) -> Option<Event> {
    let cause = cause.to_owned();
    match effect {
        Effect::Do(fact) if !case.is_closed() => {
            let may_again = regime.step(&fact.word).is_some_and(|step| step.again) || !case.view.has_word(&fact.word);
            let outcome = fact.arg.unwrap_or_default();
            let form = regime.step(&fact.word).and_then(|step| step.form.clone()).unwrap_or_default();
            let done = Done { step: fact.word, outcome, form, cite, ..Done::default() };
            may_again.then(|| Event::StepDone(Box::new(done)))
        }
        Effect::Reopen(stage) => {
            let round = case.view.round.max(1).saturating_add(1);
            let lapsed = lapsed(case, regime, &stage);
            Some(Event::CaseReopened { stage, round, lapsed, cause, cite })
        }
        Effect::End(outcome) if !case.is_closed() => Some(Event::CaseClosed { outcome, by: String::new(), cite }),
        Effect::Open { kind, regime } => {
            Some(Event::LinkedCaseOwed { kind, regime: regime.unwrap_or_default(), cause, cite })
        }
        _ => None,
    }
}

/// What no longer counts when the case goes back to a stage: of what leads from it on, and of the steps, whatever was
/// done since the stage before it was reached.
fn lapsed(case: &Case, regime: &Regime, stage: &str) -> Vec<String> {
    let history = &case.view.history;
    let before = regime.course.iter().take_while(|one| one.id != stage);
    let reaches = |happened: &facts::Happened| {
        let is_it = |fact: &regime::FactRef| fact.matches(&happened.word, happened.arg.as_deref());
        !happened.lapsed && before.clone().any(|stage| stage.reached.iter().any(is_it))
    };
    let begun = history.iter().rposition(reaches).map_or(0, |at| at + 1);
    let since = |word: &String| history.iter().skip(begun).any(|happened| happened.word == *word);
    regime.lapses(stage).into_iter().filter(since).collect()
}
