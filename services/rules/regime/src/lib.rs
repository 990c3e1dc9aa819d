//! The pack language: a complaint regime as one YAML file in which every rule cites its clause. This crate reads a
//! pack, checks it as a whole, and answers what its rules say about a case. It is pure: no IO, no clock, no service.

mod ask;
mod clock;
mod condition;
mod error;
mod instrument;
mod length;
mod manner;
mod names;
mod nearest;
mod node;
mod numbering;
mod parameters;
mod read;
mod reader;
mod rules;
#[cfg(test)]
mod sample;
mod value;
pub mod vocabulary;

pub use clock::{Clock, MissStep, Office, Overrun, Pause, Reminder, ReminderAt, Term, Together};
pub use condition::Condition;
pub use error::PackError;
pub use instrument::{Act, Assessed, Breach, Counts, Extend, ExtendBy, Suspend, Weight};
pub use length::Length;
pub use manner::{Ends, Manner, Roll};
pub use nearest::nearest;
pub use numbering::Numbering;
pub use rules::{
    Approval, Asked, Callback, Channel, Duty, DutyDue, Grade, Graded, Grading, Ground, Guard, Guidance, Keep, Missing,
    Notice, Outcome, Question, QuestionKind, Recipient, Records, Recusal, Recused, Regime, Route, RouteTo, Rung,
    Telling, Template, Word, Words,
};
pub use value::{Case, FactRef, Value};
