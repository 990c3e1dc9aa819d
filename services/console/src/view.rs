//! What pages show and the API answers: plain structs made from the services' answers, with ids turned into words.

pub(crate) mod case;
pub(crate) mod clock;
pub(crate) mod dealings;
pub(crate) mod door;
pub(crate) mod duties;
pub(crate) mod follow;
pub(crate) mod ledgers;
pub(crate) mod linked;
pub(crate) mod lists;
pub(crate) mod parked;
pub(crate) mod published;
pub(crate) mod queue;
pub(crate) mod standing;
pub(crate) mod statistics;
pub(crate) mod surveys;
pub(crate) mod time;
pub(crate) mod version;
pub(crate) mod work;
