//! Verifies a log that was read out: fed its messages one by one, it counts, or names the first broken link of each
//! partition. Pure: the hashes are computed here, whatever the log says of itself.

mod fault;

use crate::partition::{PARTITIONS, link, partition_of};
use contracts::{
    common::{Batch, Envelope, Record},
    log::{Chain, read_log_response::Part},
};
pub use fault::{Broken, Fault};
use prost::Message as _;
use std::collections::{BTreeMap, BTreeSet};

/// What was read and holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub partitions: u64,
    pub events: u64,
    pub bytes: u64,
}

/// Walks the chains of one log.
#[derive(Debug)]
pub struct Walker {
    producer: String,
    wanted: BTreeSet<u32>,
    walks: BTreeMap<u32, Walk>,
    counts: Counts,
    /// Numbers whose links are asked for, by partition.
    watched: BTreeMap<u32, BTreeSet<u64>>,
    links: BTreeMap<(u32, u64), Vec<u8>>,
}

/// How far one partition was walked.
#[derive(Debug)]
struct Walk {
    chain: Chain,
    seq: u64,
    hash: Vec<u8>,
    broken: Option<Broken>,
}

impl Walker {
    /// A walker of the whole log of `producer`.
    pub fn new(producer: &str) -> Self {
        Self {
            producer: producer.to_owned(),
            wanted: (0..u32::from(PARTITIONS)).collect(),
            walks: BTreeMap::new(),
            counts: Counts::default(),
            watched: BTreeMap::new(),
            links: BTreeMap::new(),
        }
    }

    /// Notes the link at number `seq` when it comes by, for [`Walker::link`].
    pub fn watch(&mut self, partition: u32, seq: u64) {
        self.watched.entry(partition).or_default().insert(seq);
    }

    /// Takes the next message.
    pub fn take(&mut self, part: &Part) {
        match part {
            Part::Chain(chain) => self.begin(chain),
            Part::Batch(batch) => self.walk(batch),
        }
    }

    /// The link at a number that was watched, if it came by.
    pub fn link(&self, partition: u32, seq: u64) -> Option<&[u8]> {
        self.links.get(&(partition, seq)).map(Vec::as_slice)
    }

    /// Where a partition's records begin, once that was read.
    pub fn chain(&self, partition: u32) -> Option<&Chain> {
        self.walks.get(&partition).map(|walk| &walk.chain)
    }

    /// What holds so far: partitions that were begun, events that were read.
    pub fn counts(&self) -> Counts {
        self.counts
    }

    /// The end: every partition must have come, and have ended at its head.
    ///
    /// # Errors
    /// The first broken link of each partition that has one.
    pub fn finish(&self) -> Result<Counts, Vec<Broken>> {
        let mut broken: Vec<Broken> = self.walks.values().filter_map(Walk::end).collect();
        let missing = self.wanted.iter().filter(|partition| !self.walks.contains_key(partition));
        broken.extend(missing.map(|partition| Broken::at(*partition, 0, Fault::Absent)));
        broken.sort_by_key(|broken| broken.partition);
        if broken.is_empty() { Ok(self.counts) } else { Err(broken) }
    }

    fn begin(&mut self, chain: &Chain) {
        if let Some(walk) = self.walks.get_mut(&chain.partition) {
            let seq = walk.seq;
            walk.broken.get_or_insert_with(|| Broken::at(chain.partition, seq, Fault::BegunTwice));
            return;
        }
        self.counts.partitions += 1;
        let (seq, hash) = (chain.after_seq, chain.after_hash.clone());
        if self.watched.get(&chain.partition).is_some_and(|watched| watched.contains(&seq)) {
            self.links.insert((chain.partition, seq), hash.clone());
        }
        self.walks.insert(chain.partition, Walk { chain: chain.clone(), seq, hash, broken: None });
    }

    fn walk(&mut self, batch: &Batch) {
        let partition = batch.partition;
        let Some(walk) = self.walks.get_mut(&partition) else {
            let stray = Broken::at(partition, batch.first_seq, Fault::NotBegun);
            let chain = Chain { partition, ..Chain::default() };
            self.walks.insert(partition, Walk { chain, seq: 0, hash: Vec::new(), broken: Some(stray) });
            return;
        };
        if batch.producer != self.producer && walk.broken.is_none() {
            let fault = Fault::Producer { found: batch.producer.clone() };
            walk.broken = Some(Broken::at(partition, batch.first_seq, fault));
        }
        for (seq, record) in (batch.first_seq..).zip(&batch.records) {
            // After the first broken link the rest says nothing any more.
            if walk.broken.is_some() {
                return;
            }
            walk.broken = walk.step(seq, record);
            if walk.broken.is_none() {
                self.counts.events += 1;
                self.counts.bytes += record.envelope.len() as u64;
                if self.watched.get(&partition).is_some_and(|watched| watched.contains(&seq)) {
                    self.links.insert((partition, seq), record.hash.clone());
                }
            }
        }
    }
}

impl Walk {
    /// Takes one record; answers what is wrong with it.
    fn step(&mut self, seq: u64, record: &Record) -> Option<Broken> {
        let envelope = Envelope::decode(record.envelope.as_slice()).ok();
        let fault = self.fault(seq, record, envelope.as_ref());
        if let Some(fault) = fault {
            let envelope = envelope.unwrap_or_default();
            let partition = self.chain.partition;
            return Some(Broken { partition, seq, event_id: envelope.event_id, kind: envelope.r#type, fault });
        }
        (self.seq, self.hash) = (seq, record.hash.clone());
        None
    }

    fn fault(&self, seq: u64, record: &Record, envelope: Option<&Envelope>) -> Option<Fault> {
        let expected = self.seq + 1;
        if seq > expected {
            return Some(Fault::Missing { expected });
        }
        if seq < expected {
            return Some(Fault::Doubled { expected });
        }
        if seq > self.chain.head_seq {
            return Some(Fault::BeyondHead { head: self.chain.head_seq });
        }
        if link(&self.hash, &record.envelope) != record.hash {
            return Some(Fault::Link);
        }
        let Some(envelope) = envelope else { return Some(Fault::Unreadable) };
        let belongs = u32::from(partition_of(&envelope.key));
        (belongs != self.chain.partition).then_some(Fault::Misplaced { belongs })
    }

    /// What is wrong at the end, if nothing was before.
    fn end(&self) -> Option<Broken> {
        if self.broken.is_some() {
            return self.broken.clone();
        }
        let Chain { partition, head_seq, head_hash, .. } = &self.chain;
        if self.seq != *head_seq {
            return Some(Broken::at(*partition, self.seq, Fault::EndsBefore { head: *head_seq }));
        }
        (self.hash != *head_hash).then(|| Broken::at(*partition, self.seq, Fault::EndsBeside))
    }
}

#[cfg(test)]
mod tests;
