//! What people can do, by the names that packs use. A command that a service adds is one more entry here.

mod around;
mod caseless;
mod dealing;
mod deciding;
mod door;
mod handling;
mod ruling;
mod step;
mod turn;

use crate::desk::Answer;
use futures::future::BoxFuture;
use regime::Regime;
use std::sync::atomic::{AtomicU32, Ordering};
pub(super) use turn::Turn;

/// Whoever holds the receipt code.
pub(super) const COMPLAINANT: &str = "complainant";

/// One command.
pub(super) struct Command {
    pub(super) id: &'static str,
    /// What `with` may hold.
    pub(super) takes: &'static [Take],
    pub(super) run: for<'t> fn(&'t Turn<'t>) -> BoxFuture<'t, Answer<()>>,
}

/// One argument.
#[derive(Clone, Copy)]
pub(super) struct Take {
    pub(super) name: &'static str,
    pub(super) shape: Shape,
    pub(super) is_needed: bool,
}

/// What an argument is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    Text,
    Flag,
    Facts,
    Day,
    Unit,
    Staff,
    StaffList,
    Kind,
    Regime,
    Category,
    Severity,
    Validity,
    Ground,
    Finding,
    Measures,
    Satisfaction,
    Clock,
    Clocks,
    Measure,
    Order,
    Team,
    Tier,
    Ledger,
    Relation,
    Body,
    Act,
    Duty,
    Survey,
    /// Answers to a survey, by its questions.
    Answers,
    /// The name of another case of the scenario.
    Case,
    Number,
    /// Texts, each sealed for itself.
    Texts,
}

const fn may(name: &'static str, shape: Shape) -> Take {
    Take { name, shape, is_needed: false }
}

const fn must(name: &'static str, shape: Shape) -> Take {
    Take { name, shape, is_needed: true }
}

const TEXT: Take = may("text", Shape::Text);
const REASON: Take = may("reason", Shape::Text);

/// What an answer may have to hold; see `regime::vocabulary::PARTS`.
const PARTS: [Take; 8] = [
    may("process", Shape::Text),
    may("time", Shape::Text),
    may("reasons", Shape::Text),
    may("course", Shape::Text),
    may("remedies", Shape::Text),
    may("other-ways", Shape::Text),
    may("redress", Shape::Text),
    may("explanation", Shape::Text),
];

/// What a command takes beside the parts of an answer.
const fn with_parts<const N: usize, const M: usize>(own: [Take; N]) -> [Take; M] {
    let mut all = [PARTS[0]; M];
    let mut place = 0;
    while place < M {
        all[place] = if place < N { own[place] } else { PARTS[place - N] };
        place += 1;
    }
    all
}

/// A request id of its own.
pub(super) fn request_id() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(1);
    format!("scenario-{}", NEXT.fetch_add(1, Ordering::Relaxed))
}

/// One command of a service: its request, with what all of them have.
macro_rules! send {
    ($turn:ident, $service:ident.$method:ident($module:ident::$request:ident { $($field:ident $(: $value:expr)?),* $(,)? })) => {{
        let request = $module::$request {
            request_id: request_id(),
            case_id: $turn.case.id.clone(),
            $($field $(: $value)?,)*
            ..Default::default()
        };
        told($turn.world.client.$service().$method($turn.call().request(request)).await).map(drop)
    }};
}
use send;

/// Every command of staff and of the complainant. A regime's own steps stand beside them.
fn all() -> impl Iterator<Item = &'static Command> {
    let taking = door::COMMANDS.iter().chain(deciding::COMMANDS).chain(dealing::COMMANDS);
    taking.chain(handling::COMMANDS).chain(ruling::COMMANDS).chain(around::COMMANDS).chain(caseless::COMMANDS)
}

/// Whether the command is about no case.
pub(super) fn is_caseless(id: &str) -> bool {
    caseless::COMMANDS.iter().any(|command| command.id == id)
}

/// The command of this name in a regime.
pub(super) fn find(regime: &Regime, id: &str) -> Option<&'static Command> {
    all().find(|command| command.id == id).or_else(|| regime.step(id).map(|_| &step::STEP))
}

/// The names of all commands in a regime.
pub(super) fn names(regime: &Regime) -> Vec<&str> {
    let own = regime.steps.iter().map(|step| step.id.as_str());
    all().map(|command| command.id).chain(own).collect()
}

/// The names of all arguments.
#[cfg(test)]
pub(super) fn arguments() -> impl Iterator<Item = &'static str> {
    all().flat_map(|command| command.takes.iter().map(|take| take.name))
}
