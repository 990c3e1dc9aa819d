//! Asks the producers for what is missing, all of them at once, and reads their answers: what comes next, and whether
//! history has forked.

use super::merge::Part;
use crate::{
    broker::Broker,
    fork::{Fork, Kind},
    log::Log,
    partition::link,
    position::{Place, Standing},
    rewind,
};
use contracts::common::{self, Agreement, Batch, RewindReply, Verdict};
use futures::future::join_all;
use std::collections::BTreeMap;
use tokio::task::JoinHandle;

/// What a producer said to what it was asked.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) producer: String,
    asked: Vec<(u16, Standing)>,
    reply: Option<RewindReply>,
}

/// Questions that are under way, in a task of their own so that a busy stream does not starve them.
#[derive(Debug, Default)]
pub(super) struct Round(Option<JoinHandle<Vec<Answer>>>);

impl Round {
    /// Asks each producer about these places; over at once if there are none.
    pub(super) fn start(log: &Log, broker: &Broker, wanted: BTreeMap<String, Vec<(u16, Standing)>>) -> Self {
        if wanted.is_empty() {
            return Self(None);
        }
        let (broker, follower) = (broker.clone(), log.service().to_owned());
        let asking = async move {
            let one = async |(producer, asked): (String, Vec<(u16, Standing)>)| {
                let standings = asked.iter().map(|(partition, at)| common::Standing {
                    partition: u32::from(*partition),
                    seq: at.seq,
                    hash: at.hash.clone(),
                });
                let reply = rewind::ask(&broker, &producer, &follower, standings.collect()).await;
                Answer { producer, asked, reply }
            };
            join_all(wanted.into_iter().map(one)).await
        };
        Self(Some(tokio::spawn(asking)))
    }

    pub(super) fn is_over(&self) -> bool {
        self.0.is_none()
    }

    /// Completes with the answers; never if nothing was asked.
    pub(super) async fn answers(&mut self) -> Vec<Answer> {
        let Some(task) = &mut self.0 else { return std::future::pending().await };
        let answers = task.await.unwrap_or_default();
        self.0 = None;
        answers
    }
}

impl Drop for Round {
    fn drop(&mut self) {
        if let Some(task) = &self.0 {
            task.abort();
        }
    }
}

/// What an answer holds.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) is_silent: bool,
    pub(super) parts: Vec<Part>,
    /// Where the producer's partitions end.
    pub(super) ends: Vec<(Place, u64)>,
    /// Places of which it has more, and the answer was full.
    pub(super) hungry: Vec<Place>,
    pub(super) forks: Vec<Fork>,
}

impl Answer {
    pub(super) fn read(&self) -> Found {
        let Some(reply) = &self.reply else { return Found { is_silent: true, ..Found::default() } };
        let mut found = Found::default();
        for (partition, at) in &self.asked {
            let number = u32::from(*partition);
            let Some(verdict) = reply.verdicts.iter().find(|verdict| verdict.partition == number) else { continue };
            let place = (self.producer.clone(), *partition);
            let batches: Vec<&Batch> = reply.batches.iter().filter(|batch| batch.partition == number).collect();
            match judge(&place, at, verdict, &batches) {
                Ok(more) => {
                    let part = self.part(number, &batches, more);
                    if more && part.is_none() {
                        found.hungry.push(place.clone());
                    }
                    found.ends.push((place, verdict.head_seq));
                    found.parts.extend(part);
                }
                Err(Some(fork)) => found.forks.push(fork),
                Err(None) => tracing::warn!(
                    producer = self.producer,
                    partition,
                    seq = at.seq,
                    "what is missing lies in months that the producer has detached; they must be attached again"
                ),
            }
        }
        found
    }

    /// The batches of one partition as one.
    fn part(&self, partition: u32, batches: &[&Batch], has_more: bool) -> Option<Part> {
        let first_seq = batches.first()?.first_seq;
        let records = batches.iter().flat_map(|batch| batch.records.iter().cloned()).collect();
        Some(Part { batch: Batch { producer: self.producer.clone(), partition, first_seq, records }, has_more })
    }
}

/// Whether the producer has more than it sent; or how its history and ours fell apart; or that it cannot tell.
fn judge(place: &Place, at: &Standing, verdict: &Verdict, batches: &[&Batch]) -> Result<bool, Option<Fork>> {
    let fork = |kind, at: &Standing, seq, hash: &[u8]| {
        let resume = Standing { seq, hash: hash.to_vec() };
        Err(Some(Fork { place: place.clone(), kind, at: at.clone(), resume }))
    };
    match verdict.agreement() {
        Agreement::Behind => return fork(Kind::Behind, at, verdict.head_seq, &verdict.head_hash),
        Agreement::Other => return fork(Kind::Other, at, at.seq, &verdict.link),
        Agreement::Archived | Agreement::Unspecified => return Err(None),
        Agreement::Same => {}
    }
    let mut end = at.clone();
    for batch in batches {
        for (seq, record) in (batch.first_seq..).zip(&batch.records) {
            if seq != end.seq + 1 || link(&end.hash, &record.envelope) != record.hash {
                // What stands before the break is applied first; the fork is found again when that has been done.
                return if end.seq > at.seq { Ok(true) } else { fork(Kind::Broken, at, seq, &record.hash) };
            }
            end = Standing { seq, hash: record.hash.clone() };
        }
    }
    Ok(end.seq < verdict.head_seq)
}

#[cfg(test)]
mod tests {
    use super::*;
    use contracts::common::Record;

    fn verdict(agreement: Agreement, head_seq: u64) -> Verdict {
        Verdict { partition: 3, agreement: agreement.into(), head_seq, head_hash: vec![9; 32], link: vec![8; 32] }
    }

    fn at(seq: u64) -> Standing {
        Standing { seq, hash: vec![7; 32] }
    }

    fn chain(first_seq: u64, previous: &[u8], events: &[&str]) -> Batch {
        let mut hash = previous.to_vec();
        let records = events.iter().map(|event| {
            hash = link(&hash, event.as_bytes());
            Record { envelope: event.as_bytes().to_vec(), hash: hash.clone() }
        });
        Batch { producer: "intake".to_owned(), partition: 3, first_seq, records: records.collect() }
    }

    fn judged(verdict: &Verdict, batches: &[Batch]) -> Result<bool, Option<(Kind, u64)>> {
        let place = ("intake".to_owned(), 3);
        let judged = judge(&place, &at(5), verdict, &batches.iter().collect::<Vec<_>>());
        judged.map_err(|fork| fork.map(|fork| (fork.kind, fork.resume.seq)))
    }

    #[test]
    fn what_links_is_taken_and_the_head_tells_whether_more_is_to_be_had() {
        let next = [chain(6, &[7; 32], &["a", "b"])];
        assert_eq!(judged(&verdict(Agreement::Same, 7), &next), Ok(false));
        assert_eq!(judged(&verdict(Agreement::Same, 9), &next), Ok(true));
        assert_eq!(judged(&verdict(Agreement::Same, 5), &[]), Ok(false));
    }

    #[test]
    fn a_history_that_was_lost_or_changed_or_does_not_link_is_a_fork() {
        assert_eq!(judged(&verdict(Agreement::Behind, 2), &[]), Err(Some((Kind::Behind, 2))));
        assert_eq!(judged(&verdict(Agreement::Other, 9), &[]), Err(Some((Kind::Other, 5))));
        let forged = [chain(6, &[1; 32], &["a"])];
        assert_eq!(judged(&verdict(Agreement::Same, 6), &forged), Err(Some((Kind::Broken, 6))));
        assert_eq!(judged(&verdict(Agreement::Archived, 9), &[]), Err(None));
    }

    #[test]
    fn what_stands_before_a_break_is_applied_first() {
        let mut broken = chain(6, &[7; 32], &["a", "b"]);
        broken.records[1].hash = vec![0; 32];
        assert_eq!(judged(&verdict(Agreement::Same, 7), &[broken]), Ok(true));
    }
}
