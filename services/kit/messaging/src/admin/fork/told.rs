//! What a producer says of a follower's standing, and how the two still differ.

use super::refusal;
use crate::{partition::link, position::Standing};
use contracts::common::{self, Agreement, RewindReply, Verdict};
use kit_core::Problem;

/// What a producer says of one standing.
pub(super) struct Told {
    verdict: Verdict,
    /// The first record that it has after the standing.
    next: Option<(u64, common::Record)>,
}

impl Told {
    pub(super) fn read(reply: RewindReply, partition: u32) -> Option<Self> {
        let verdict = reply.verdicts.into_iter().find(|verdict| verdict.partition == partition)?;
        let batch = reply.batches.into_iter().find(|batch| batch.partition == partition);
        let next = batch.and_then(|batch| Some((batch.first_seq, batch.records.into_iter().next()?)));
        Some(Self { verdict, next })
    }

    pub(super) fn agreement(&self) -> Agreement {
        self.verdict.agreement()
    }

    /// The next record by its own number and link, if it does not link to `standing`; the head, if the producer has
    /// nothing of what should come before it.
    pub(super) fn broken(&self, standing: &Standing) -> Option<Standing> {
        let Some((seq, record)) = self.next.as_ref() else {
            let Verdict { head_seq, head_hash, .. } = &self.verdict;
            return (*head_seq > standing.seq).then(|| Standing { seq: *head_seq, hash: head_hash.clone() });
        };
        let fits = *seq == standing.seq + 1 && link(&standing.hash, &record.envelope) == record.hash;
        (!fits).then(|| Standing { seq: *seq, hash: record.hash.clone() })
    }

    /// The producer's link at our number, or its end where it has no such number.
    pub(super) fn present_end(&self, standing: &Standing) -> Standing {
        match self.agreement() {
            Agreement::Other => Standing { seq: standing.seq, hash: self.verdict.link.clone() },
            _ => Standing { seq: self.verdict.head_seq, hash: self.verdict.head_hash.clone() },
        }
    }

    /// How the producer still differs from `standing`; `None` if it agrees.
    pub(super) fn difference(&self, standing: &Standing) -> Option<Problem> {
        let (ours, head) = (standing.seq, self.verdict.head_seq);
        let (zh, en) = match self.agreement() {
            Agreement::Same => {
                let seq = self.broken(standing)?.seq;
                (
                    format!("对方第 {seq} 号事件仍不能与第 {ours} 号衔接"),
                    format!("its event {seq} still does not link to {ours}"),
                )
            }
            Agreement::Behind => (
                format!("对方日志只到第 {head} 号,本服务已处理到第 {ours} 号"),
                format!("its log ends at {head}, and {ours} was applied here"),
            ),
            Agreement::Other => {
                let (theirs, here) = (short(&self.verdict.link), short(&standing.hash));
                (
                    format!("第 {ours} 号事件的链值不同:对方为 {theirs},本服务为 {here}"),
                    format!("at number {ours} its link is {theirs}, and {here} was applied here"),
                )
            }
            Agreement::Archived => return Some(refusal::archived(ours)),
            Agreement::Unspecified => ("对方没有表态".to_owned(), "it gave no verdict".to_owned()),
        };
        Some(Problem::conflict("still-differs", format!("仍不一致:{zh}"), format!("They still differ: {en}")))
    }
}

fn short(hash: &[u8]) -> String {
    hex::encode(hash.get(..6).unwrap_or(hash))
}
