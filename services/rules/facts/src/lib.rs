//! A case as its events tell it: one fold that every service shares, and what follows from it with the law in force:
//! who may act, who may read. Pure: the law and the organisation are handed in.

mod acting;
mod answer;
mod appeal;
mod effects;
mod fold;
mod law;
mod moves;
pub mod parts;
mod permit;
#[cfg(test)]
mod sample;
mod stage;
mod view;

pub use acting::{acting, acts_by};
pub use answer::{answer, answered};
pub use appeal::{is_given_since_appeal, pending_appeal};
pub use effects::{DueEffect, effects, read as read_effect, written as written_effect};
pub use fold::{instant, name, names};
pub use law::{Law, law_entry};
pub use moves::moves;
pub use permit::{apart, authorise, confided, lacks, line, may_read, not_yet};
pub use stage::Stage;
pub use view::{CaseView, Extension, ExtensionState, Happened, Order, SetDate, SignOff, SignOffState, Suspension};
