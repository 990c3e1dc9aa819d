//! What every use case is handed: the log, the law in force, the master key and the receipts.

use crate::{domain::vault::Master, receipts::Receipts};
use house::House;
use kit_core::Env;
use kit_messaging::{Command, Log};
use kit_reference::{Entry, Reference, Snapshot};
use std::sync::Arc;

/// The law and its calendars, as this process last read them from its own copy.
pub(crate) struct LawCopy(pub(crate) House);

impl Snapshot for LawCopy {
    fn build(entries: &[Entry]) -> Result<Self, String> {
        House::build(entries.iter().map(Entry::parts)).map(Self)
    }
}

/// Everything that outlives a call.
pub(crate) struct App {
    pub(crate) log: Log,
    pub(crate) env: Env,
    pub(crate) law: Arc<Reference<LawCopy>>,
    pub(crate) master: Arc<Master>,
    pub(crate) receipts: Receipts,
}

impl App {
    /// The law in force now.
    pub(crate) fn law(&self) -> Arc<LawCopy> {
        self.law.get()
    }

    /// A command whose digest is keyed: the kept digest of a text must not let anyone test guesses of it.
    pub(crate) fn command(&self, name: &'static str, request_id: &str, actor: &str, parts: &[&str]) -> Command {
        let parts: Vec<&[u8]> = parts.iter().map(|part| part.as_bytes()).collect();
        Command { request_id: request_id.to_owned(), name, actor: actor.to_owned(), digest: self.master.digest(&parts) }
    }
}
