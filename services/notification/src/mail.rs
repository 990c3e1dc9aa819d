//! Mail: the text of a notice, the message that carries it, and the two ways out: a mail server, or a folder.

pub(crate) mod compose;
pub(crate) mod folder;
pub(crate) mod settings;
pub(crate) mod smtp;
pub(crate) mod wording;

pub(crate) use compose::Letter;
pub(crate) use settings::{Door, MailSettings};
