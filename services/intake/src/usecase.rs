//! What intake does: one file per command or query, each from the decision to its events.

pub(crate) mod appeal;
pub(crate) mod chase;
pub(crate) mod contact;
pub(crate) mod door;
pub(crate) mod door_acts;
pub(crate) mod find_alike;
pub(crate) mod follow;
pub(crate) mod get_case;
pub(crate) mod hand_in;
pub(crate) mod link;
pub(crate) mod offshoot;
pub(crate) mod open_linked;
pub(crate) mod rate;
pub(crate) mod read_file;
pub(crate) mod read_texts;
pub(crate) mod reveal_identity;
pub(crate) mod seal;
pub(crate) mod seal_file;
pub(crate) mod seal_text;
pub(crate) mod split;
pub(crate) mod supplement;
pub(crate) mod target;
pub(crate) mod withdraw;
