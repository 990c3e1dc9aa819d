//! Faults under load: whatever happens to processes, the broker, the network and the disk, no case is lost and no effect
//! happens twice. Each test prints its seed; `JIESU_FAULT_SEED` plays it again.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "helpers of tests are tests too, which the lints cannot see"
)]

mod cancel;
mod clean;
mod cuts;
mod hostile;
mod kills;
mod lease;
mod stores;
mod wire;
