//! The pack language: a complaint regime as one YAML file in which every rule cites its clause. This crate reads a
//! pack, checks it as a whole, and answers what its rules say about a case. It is pure: no IO, no clock, no service.

mod ask;
mod ask_records;
mod ask_telling;
#[cfg(test)]
mod broken;
mod check;
mod clock;
mod condition;
mod course;
mod diff;
mod entry;
mod error;
mod explain;
#[cfg(test)]
mod guide;
mod handing;
mod house;
mod instrument;
mod length;
mod manner;
mod names;
mod nearest;
pub mod node;
mod numbering;
mod parameters;
mod read;
mod reader;
mod rules;
#[cfg(test)]
mod sample;
mod schema;
mod stage;
mod survey;
mod tailor;
mod value;
pub mod vocabulary;
mod whole;
mod words;

pub use check::{Checked, Pack, Surroundings};
pub use clock::{Clock, MissStep, Office, Overrun, Pause, Reminder, ReminderAt, Term, Together};
pub use condition::Condition;
pub use course::{
    Amount, Answer, Apart, Confided, Confidence, Effect, EffectRule, Ending, Party, Redress, Stage, Step, Take,
    TellForm,
};
pub use diff::{Difference, Side, diff};
pub use entry::{
    Alike, Channel, Ground, Outcome, Pending, Rating, Repeat, Split, Upkeep, While, Withdrawal, Withdrawn, says_enough,
};
pub use error::{Gravity, PackError};
pub use explain::{effect_title, explain};
pub use handing::{
    Addressee, Appeal, Appellant, Instead, Order, OrderTo, Recusal, Recused, Route, RouteTo, Rung, Team,
};
pub use house::template as house_template;
pub use instrument::{Assessed, Breach, Counts, Extend, ExtendBy, Suspend};
pub use length::Length;
pub use manner::{Ends, Manner, Roll};
pub use nearest::nearest;
pub use numbering::Numbering;
pub use parameters::example;
pub use rules::{
    Approval, Callback, Duty, DutyDue, Grade, Graded, Grading, Guard, Guidance, Held, Keep, Ledger, Missing, Notice,
    Publicity, PublicityOf, Recipient, Records, Regime, Sending, Statistics, Telling, Template,
};
pub use schema::schema;
pub use survey::{Asks, SCALE, Survey, SurveyQuestion};
pub use value::{Case, FactRef, Value};
pub use words::{Asked, Form, Measure, Parameter, Question, QuestionKind, Word, Words};
