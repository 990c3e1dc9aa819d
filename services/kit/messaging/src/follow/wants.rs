//! What a follower misses, place by place, and when it is time to ask the producer for it: a moment after a gap opens,
//! since most close by themselves; then again whenever an answer moved the place, and once a second while none does.

use crate::position::{Place, Positions, Standing};
use std::{collections::BTreeMap, time::Duration};
use tokio::time::Instant;

/// A relay that goes back closes most gaps sooner.
const GRACE: Duration = Duration::from_millis(100);
const AGAIN: Duration = Duration::from_secs(1);
/// A producer that does not answer is left alone for so long.
const MUTE: Duration = Duration::from_secs(2);

#[derive(Debug, Default)]
pub(super) struct Wants {
    places: BTreeMap<Place, Want>,
    /// Where places stood when their last head was looked at.
    stood: BTreeMap<Place, u64>,
    mute: BTreeMap<String, Instant>,
}

#[derive(Debug)]
struct Want {
    /// The highest number known to be there.
    beyond: u64,
    /// Where the place stood when it was asked for last; none before that.
    after: Option<u64>,
    /// When to ask next, if the place does not move.
    due: Instant,
    /// The place stands beyond or beside a head, and has not been asked about yet.
    is_question: bool,
}

impl Wants {
    pub(super) fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// Something up to `beyond` was read and not applied, because something before it is missing. Answers whether that is
    /// news.
    pub(super) fn gap(&mut self, place: Place, beyond: u64) -> bool {
        self.want(place, beyond, Instant::now() + GRACE)
    }

    fn want(&mut self, place: Place, beyond: u64, due: Instant) -> bool {
        let mut is_news = false;
        let want = self.places.entry(place).or_insert_with(|| {
            is_news = true;
            Want { beyond, after: None, due, is_question: false }
        });
        want.beyond = want.beyond.max(beyond);
        is_news
    }

    /// What a producer said about its end. Behind it is a loss only where nothing more is on its way and the place has
    /// not moved since the head before: a backlog is no loss. Beside it is a question; so is beyond it, unless the place
    /// has come so far only since the head before, which was said earlier than this one.
    pub(super) fn heard(&mut self, place: Place, head: &Standing, at: &Standing, is_drained: bool) {
        let now = Instant::now();
        let stood = self.stood.insert(place.clone(), at.seq);
        if at.seq < head.seq {
            if is_drained && stood == Some(at.seq) {
                self.want(place, head.seq, now);
            }
        } else if (at.seq == head.seq && at.hash != head.hash) || stood.is_some_and(|stood| stood > head.seq) {
            self.want(place.clone(), at.seq, now);
            self.places.entry(place).and_modify(|want| want.is_question = true);
        }
    }

    /// What is to be asked of each producer now.
    pub(super) fn due(&mut self, positions: &Positions) -> BTreeMap<String, Vec<(u16, Standing)>> {
        let now = Instant::now();
        self.mute.retain(|_, until| *until > now);
        let mut asked: BTreeMap<String, Vec<(u16, Standing)>> = BTreeMap::new();
        self.places.retain(|(producer, partition), want| {
            let Some(at) = positions.0.get(&(producer.clone(), *partition)) else { return false };
            if at.seq >= want.beyond && !want.is_question {
                return false;
            }
            let has_moved = want.after.is_some_and(|after| after != at.seq);
            if (has_moved || want.due <= now) && !self.mute.contains_key(producer) {
                (want.after, want.due, want.is_question) = (Some(at.seq), now + AGAIN, false);
                asked.entry(producer.clone()).or_default().push((*partition, at.clone()));
            }
            true
        });
        asked
    }

    /// The producer said where it ends: nothing is to be had beyond that.
    pub(super) fn ends(&mut self, place: &Place, head: u64) {
        if let Some(want) = self.places.get_mut(place) {
            want.beyond = want.beyond.min(head);
        }
    }

    /// The answer was full before it came to this place.
    pub(super) fn hungry(&mut self, place: &Place) {
        if let Some(want) = self.places.get_mut(place) {
            want.due = Instant::now();
        }
    }

    /// The producer did not answer.
    pub(super) fn silent(&mut self, producer: &str) {
        self.mute.insert(producer.to_owned(), Instant::now() + MUTE);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place() -> Place {
        ("intake".to_owned(), 3)
    }

    fn at(seq: u64) -> Standing {
        Standing { seq, hash: vec![u8::try_from(seq).unwrap(); 32] }
    }

    fn standing(seq: u64) -> Positions {
        Positions(BTreeMap::from([(place(), at(seq))]))
    }

    #[tokio::test(start_paused = true)]
    async fn a_gap_is_asked_for_after_a_moment_and_then_once_a_second() {
        let mut wants = Wants::default();
        assert!(wants.gap(place(), 9) && !wants.gap(place(), 12));
        assert!(wants.due(&standing(5)).is_empty());
        tokio::time::advance(GRACE).await;
        assert_eq!(wants.due(&standing(5)).len(), 1);
        assert!(wants.due(&standing(5)).is_empty(), "it was just asked for");
        assert_eq!(wants.due(&standing(7)).len(), 1, "the answer moved it, and more is missing");
        tokio::time::advance(AGAIN).await;
        assert_eq!(wants.due(&standing(7)).len(), 1);
        assert!(wants.due(&standing(12)).is_empty() && wants.is_empty());
    }

    #[tokio::test(start_paused = true)]
    async fn a_head_is_a_loss_only_when_nothing_moves_and_nothing_is_on_its_way() {
        let mut wants = Wants::default();
        wants.heard(place(), &at(9), &at(5), true);
        wants.heard(place(), &at(9), &at(6), true);
        wants.heard(place(), &at(9), &at(6), false);
        assert!(wants.is_empty());
        wants.heard(place(), &at(9), &at(6), true);
        assert_eq!(wants.due(&standing(6)).len(), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn beyond_or_beside_a_head_is_asked_about_once_and_an_answer_ends_it() {
        let mut wants = Wants::default();
        wants.heard(place(), &at(5), &at(5), true);
        // Said before what was applied since.
        wants.heard(place(), &at(5), &at(7), true);
        assert!(wants.is_empty());
        wants.heard(place(), &at(6), &at(7), true);
        assert_eq!(wants.due(&standing(7)).len(), 1);
        assert!(wants.due(&standing(7)).is_empty() && wants.is_empty());
        wants.heard(place(), &Standing { seq: 7, hash: vec![0; 32] }, &at(7), true);
        assert_eq!(wants.due(&standing(7)).len(), 1, "beside it");
    }

    #[tokio::test(start_paused = true)]
    async fn a_silent_producer_is_left_alone_for_a_while() {
        let mut wants = Wants::default();
        wants.gap(place(), 9);
        wants.silent("intake");
        tokio::time::advance(AGAIN).await;
        assert!(wants.due(&standing(5)).is_empty());
        tokio::time::advance(MUTE).await;
        assert_eq!(wants.due(&standing(5)).len(), 1);
    }
}
