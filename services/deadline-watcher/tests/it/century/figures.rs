//! What was simulated, and what was found.

/// What was simulated, and what was found.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Figures {
    pub(super) cases: u64,
    pub(super) facts: u64,
    pub(super) late: u64,
    pub(super) fires: u64,
    pub(super) told: u64,
    pub(super) restarts: u64,
    pub(super) crashes: u64,
    pub(super) cuts: u64,
    pub(super) jumps: u64,
    pub(super) changes: u64,
    pub(super) extensions: u64,
    pub(super) suspensions: u64,
    pub(super) missed: u64,
    pub(super) twice: u64,
    pub(super) early: u64,
}

impl Figures {
    /// Of several spans together, as a line.
    pub(super) fn sum(all: &[Self]) -> String {
        let sum = |of: fn(&Self) -> u64| all.iter().map(of).sum::<u64>();
        format!(
            "{} cases, {} facts ({} late), {} events told, {} fired, {} extensions, {} suspensions, {} restarts, {} crashes, {} cuts, \
             {} clock jumps, {} calendar changes: {} missed, {} twice, {} early",
            sum(|f| f.cases),
            sum(|f| f.facts),
            sum(|f| f.late),
            sum(|f| f.told),
            sum(|f| f.fires),
            sum(|f| f.extensions),
            sum(|f| f.suspensions),
            sum(|f| f.restarts),
            sum(|f| f.crashes),
            sum(|f| f.cuts),
            sum(|f| f.jumps),
            sum(|f| f.changes),
            sum(|f| f.missed),
            sum(|f| f.twice),
            sum(|f| f.early),
        )
    }
}
