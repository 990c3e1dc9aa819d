//! The pages of the staff.

pub(crate) mod case;
pub(crate) mod destruction;
pub(crate) mod document;
pub(crate) mod duties;
pub(crate) mod files;
pub(crate) mod forks;
pub(crate) mod hand_in;
pub(crate) mod head;
pub(crate) mod joint;
pub(crate) mod late;
pub(crate) mod ledgers;
pub(crate) mod lists;
pub(crate) mod mail;
pub(crate) mod parked;
pub(crate) mod posters;
pub(crate) mod publicity;
pub(crate) mod queue;
pub(crate) mod sign_in;
pub(crate) mod statistics;
pub(crate) mod surveys;
