//! Which partition a key belongs to: the same number in every service, so that a case lives in one of them everywhere.

use sha2::{Digest as _, Sha256};

/// Fixed at installation: the rows of `event_head` in the first migration.
pub const PARTITIONS: u16 = 16;

/// The partition of a key.
pub fn partition_of(key: &str) -> u16 {
    let digest = Sha256::digest(key.as_bytes());
    digest.first_chunk::<2>().map_or(0, |head| u16::from_be_bytes(*head) % PARTITIONS)
}

/// The link after `previous`: what the SQL function `event_append` computes.
pub(crate) fn link(previous: &[u8], envelope: &[u8]) -> Vec<u8> {
    Sha256::new().chain_update(previous).chain_update(envelope).finalize().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_keeps_its_partition_for_ever() {
        // Changing these numbers would tear the cases of every installation apart.
        assert_eq!((partition_of(""), partition_of("case_1"), partition_of("unit_1")), (0, 7, 8));
        assert!((0..1000).map(|n| partition_of(&n.to_string())).all(|p| p < PARTITIONS));
    }
}
