//! The contracts between the services: generated messages, the gRPC faces, and [`Fact`], the closed list of events.

use prost::Message as _;
use prost_types::FileDescriptorSet;
use std::{collections::HashSet, sync::LazyLock};

pub mod fact;
pub use fact::{ANY_SERVICE, Event, Fact, catalogue};

/// All descriptors of the house, for gRPC reflection.
pub const DESCRIPTORS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/jiesu.bin"));

/// Whether this build knows a message or a field by its full name, as in `jiesu.triage.v1.CaseGraded.severity`.
pub fn knows(name: &str) -> bool {
    static NAMES: LazyLock<HashSet<String>> = LazyLock::new(|| {
        let files = FileDescriptorSet::decode(DESCRIPTORS).map(|set| set.file).unwrap_or_default();
        let messages = files.into_iter().flat_map(|file| {
            let package = file.package().to_owned();
            file.message_type.into_iter().map(move |message| (format!("{package}.{}", message.name()), message.field))
        });
        let named = messages.flat_map(|(message, fields)| {
            let fields: Vec<String> = fields.iter().map(|field| format!("{message}.{}", field.name())).collect();
            fields.into_iter().chain([message])
        });
        named.collect()
    });
    NAMES.contains(name)
}

macro_rules! packages {
    ($($name:ident $file:literal),* $(,)?) => {
        mod generated {
            pub mod jiesu {
                $(pub mod $name { pub mod v1 { include!(concat!(env!("OUT_DIR"), "/", $file)); } })*
            }
        }
        $(pub use generated::jiesu::$name::v1 as $name;)*
    };
}

packages! {
    assignment "jiesu.assignment.v1.rs",
    common "jiesu.common.v1.rs",
    console "jiesu.console.v1.rs",
    deadline_watcher "jiesu.deadline_watcher.v1.rs",
    intake "jiesu.intake.v1.rs",
    log "jiesu.log.v1.rs",
    notification "jiesu.notification.v1.rs",
    records "jiesu.records.v1.rs",
    resolution "jiesu.resolution.v1.rs",
    triage "jiesu.triage.v1.rs",
}
