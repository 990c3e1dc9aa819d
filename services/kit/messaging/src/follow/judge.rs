//! Decides, for each record that was read, whether it is the next of its place, a repeat, or beyond a gap.

use crate::{
    partition::link,
    position::{Move, Place, Positions, Standing},
};
use contracts::common::Batch;
use std::collections::BTreeMap;

/// A record that is next in its place.
#[derive(Clone, Debug)]
pub(super) struct Next {
    pub(super) place: Place,
    pub(super) seq: u64,
    pub(super) hash: Vec<u8>,
    pub(super) envelope: Vec<u8>,
}

impl Next {
    /// The move of this record alone.
    pub(super) fn step(&self) -> Move {
        Move { from: self.seq.saturating_sub(1), to: Standing { seq: self.seq, hash: self.hash.clone() } }
    }
}

/// What is to be done with what was read.
#[derive(Debug, Default)]
pub(super) struct Judged {
    /// What is applied, in the order of the stream.
    pub(super) run: Vec<Next>,
    pub(super) moves: BTreeMap<Place, Move>,
    /// Where something is missing, and the highest number that was not applied for it.
    pub(super) gaps: BTreeMap<Place, u64>,
}

impl Judged {
    fn note_gap(&mut self, place: &Place, last: u64) {
        let beyond = self.gaps.entry(place.clone()).or_default();
        *beyond = last.max(*beyond);
    }
}

pub(super) fn judge<'a>(positions: &Positions, batches: impl IntoIterator<Item = &'a Batch>) -> Judged {
    let mut judged = Judged::default();
    for batch in batches {
        let Ok(partition) = u16::try_from(batch.partition) else { continue };
        let place = (batch.producer.clone(), partition);
        // Not a place of ours: a producer that has not told yet where its chains begin.
        let Some(stored) = positions.0.get(&place) else { continue };
        let mut standing = judged.moves.get(&place).map_or(stored, |step| &step.to).clone();
        for (seq, record) in (batch.first_seq..).zip(&batch.records) {
            if seq <= standing.seq {
                continue;
            }
            // The link is computed again: a wrong one is a gap like a missing number, and what the producer answers
            // when it is asked will tell whether history has forked.
            if seq != standing.seq + 1 || link(&standing.hash, &record.envelope) != record.hash {
                judged.note_gap(&place, (batch.first_seq + batch.records.len() as u64).saturating_sub(1));
                break;
            }
            standing = Standing { seq, hash: record.hash.clone() };
            let next = Next { place: place.clone(), seq, hash: record.hash.clone(), envelope: record.envelope.clone() };
            judged.run.push(next);
        }
        if standing.seq > stored.seq {
            judged.moves.insert(place, Move { from: stored.seq, to: standing });
        }
    }
    judged
}

#[cfg(test)]
mod tests {
    use super::*;
    use contracts::common::Record;

    fn chain(first: u64, previous: &[u8], events: &[&str]) -> Batch {
        let mut hash = previous.to_vec();
        let records = events.iter().map(|event| {
            hash = link(&hash, event.as_bytes());
            Record { envelope: event.as_bytes().to_vec(), hash: hash.clone() }
        });
        Batch { producer: "intake".to_owned(), partition: 3, first_seq: first, records: records.collect() }
    }

    fn at_genesis() -> Positions {
        Positions(BTreeMap::from([(("intake".to_owned(), 3), Standing { seq: 0, hash: vec![7; 32] })]))
    }

    fn seqs(judged: &Judged) -> Vec<u64> {
        judged.run.iter().map(|next| next.seq).collect()
    }

    #[test]
    fn the_next_numbers_are_taken_and_repeats_are_ignored() {
        let first = chain(1, &[7; 32], &["a", "b"]);
        let more = chain(1, &[7; 32], &["a", "b", "c"]);
        let judged = judge(&at_genesis(), [&first, &more, &first]);
        assert_eq!(seqs(&judged), [1, 2, 3]);
        assert!(judged.gaps.is_empty());
        let step = &judged.moves[&("intake".to_owned(), 3)];
        assert_eq!((step.from, step.to.seq), (0, 3));
    }

    #[test]
    fn a_higher_number_is_a_gap_until_the_missing_ones_come() {
        let first = chain(1, &[7; 32], &["a"]);
        let third = Batch { first_seq: 3, ..chain(1, &[9; 32], &["c"]) };
        let judged = judge(&at_genesis(), [&third, &first]);
        assert_eq!(seqs(&judged), [1]);
        assert_eq!(judged.gaps.values().copied().collect::<Vec<_>>(), [3], "what was dropped must be read again");
    }

    #[test]
    fn a_broken_link_is_never_applied() {
        let forged = chain(1, &[8; 32], &["a"]);
        let judged = judge(&at_genesis(), [&forged]);
        assert!(judged.run.is_empty() && judged.moves.is_empty() && judged.gaps.len() == 1);
    }

    #[test]
    fn a_stranger_is_not_read() {
        let stranger = Batch { producer: "nobody".to_owned(), ..chain(1, &[7; 32], &["a"]) };
        let judged = judge(&at_genesis(), [&stranger]);
        assert!(judged.run.is_empty() && judged.gaps.is_empty());
    }
}
