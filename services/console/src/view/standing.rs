//! How an answer of a service stands: its version, and what it says beside that.

use contracts::{assignment, deadline_watcher, resolution, triage};
use sha2::{Digest as _, Sha256};

/// An answer that carries the version of its service.
pub(crate) trait Versioned: prost::Message + Clone {
    fn version(&mut self) -> &mut u64;
}

macro_rules! versioned {
    ($($module:ident),*) => {$(
        impl Versioned for $module::GetCaseResponse {
            fn version(&mut self) -> &mut u64 {
                &mut self.version
            }
        }
    )*};
}

versioned!(triage, assignment, resolution, deadline_watcher);

/// The version of an answer, and the digest of the rest of it.
pub(crate) fn standing<M: Versioned>(answer: &M) -> (u64, String) {
    let mut rest = answer.clone();
    let version = std::mem::take(rest.version());
    let digest = crate::render::hex(&Sha256::digest(rest.encode_to_vec()));
    (version, digest.chars().take(16).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_that_moves_on_alone_leaves_the_basis_of_a_decision() {
        let answer =
            |version, state: &str| triage::GetCaseResponse { version, state: state.into(), ..Default::default() };
        let (version, basis) = standing(&answer(3, "pending"));
        assert_eq!((version, standing(&answer(4, "pending")).1), (3, basis.clone()));
        assert_ne!(standing(&answer(4, "accepted")).1, basis);
    }
}
