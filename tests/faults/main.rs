//! Faults under load: whatever happens to processes, the broker, the network and the disk, no case is lost and no effect
//! happens twice. Each test prints its seed; `JIESU_FAULT_SEED` plays it again.

mod cancel;
mod clean;
mod cuts;
mod hostile;
mod kills;
mod lease;
mod stores;
mod wire;
