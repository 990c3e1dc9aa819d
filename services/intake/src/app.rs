//! What every use case is handed: the log, the law in force, the master key and the receipts.

use crate::{domain::vault::Master, receipts::Receipts};
use house::House;
use kit_core::Env;
use kit_messaging::{Command, Log};
use kit_reference::Reference;
use std::sync::Arc;

/// Everything that outlives a call.
pub(crate) struct App {
    pub(crate) log: Log,
    pub(crate) env: Env,
    /// The law and its calendars, as this process last read them from its own copy.
    pub(crate) law: Arc<Reference<House>>,
    pub(crate) master: Arc<Master>,
    pub(crate) receipts: Receipts,
}

impl App {
    /// The law in force now.
    pub(crate) fn law(&self) -> Arc<House> {
        self.law.get()
    }

    /// A command whose digest is keyed: the kept digest of a text must not let anyone test guesses of it.
    pub(crate) fn command(&self, name: &'static str, request_id: &str, actor: &str, parts: &[&str]) -> Command {
        let parts: Vec<&[u8]> = parts.iter().map(|part| part.as_bytes()).collect();
        Command { request_id: request_id.to_owned(), name, actor: actor.to_owned(), digest: self.master.digest(&parts) }
    }
}
