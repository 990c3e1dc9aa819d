//! The contracts between the services: generated messages, the gRPC faces, and [`Fact`], the closed list of events.

pub mod fact;
pub use fact::{Event, Fact, catalogue};

/// All descriptors of the house, for gRPC reflection.
pub const DESCRIPTORS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/jiesu.bin"));

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
