//! The public's pages: no session, no cookie beside the choice of language, nothing personal in an address.

pub(crate) mod follow;
pub(crate) mod hand_in;
pub(crate) mod home;
pub(crate) mod published;
pub(crate) mod survey;
