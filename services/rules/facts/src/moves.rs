//! Which facts make what a person has read of a case out of date.

use contracts::Fact;

/// Whether someone who decides on the case as they saw it must look again after this fact. Reading a case, running clocks
/// and notices change nothing that is decided; if they did, opening a page would make that very page stale.
pub fn moves(fact: &Fact) -> bool {
    !matches!(
        fact,
        Fact::IdentityRead(_)
            | Fact::NarrativeRead(_)
            | Fact::ClockStarted(_)
            | Fact::ClockStopped(_)
            | Fact::ClockPaused(_)
            | Fact::ClockResumed(_)
            | Fact::DeadlineMoved(_)
            | Fact::DeadlineNear(_)
            | Fact::NoticeSent(_)
            | Fact::NoticeFailed(_)
            | Fact::NoticeUnknown(_)
            | Fact::TaskOpened(_)
    )
}
