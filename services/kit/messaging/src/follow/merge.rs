//! Puts what several producers answered into one order: by the instant at which things happened, each producer's own
//! order kept. It is nearly the order in which a service first said them, so that a long catching-up finds causes before
//! effects; where it does not, a handler says `NotYet` and the event waits.

use contracts::common::{Batch, Envelope, Record};
use prost::Message as _;
use std::collections::{BTreeMap, VecDeque};

/// A producer's answer for one partition, and whether it has more after it.
#[derive(Clone, Debug)]
pub(super) struct Part {
    pub(super) batch: Batch,
    pub(super) has_more: bool,
}

/// Merges the parts of each partition. Where a producer has more, nothing later than its last record is taken from the
/// others yet: it is asked for again.
pub(super) fn merge(parts: Vec<Part>) -> Vec<Batch> {
    let mut partitions: BTreeMap<u32, Vec<Part>> = BTreeMap::new();
    for part in parts {
        partitions.entry(part.batch.partition).or_default().push(part);
    }
    partitions.into_values().flat_map(one_partition).collect()
}

struct Line {
    producer: String,
    next_seq: u64,
    /// With its instant; never earlier than the one before, so that a clock set back cannot stop the line.
    records: VecDeque<((i64, i32), Record)>,
}

fn one_partition(parts: Vec<Part>) -> Vec<Batch> {
    if let [_] = parts.as_slice() {
        return parts.into_iter().map(|part| part.batch).collect();
    }
    let partition = parts.first().map_or(0, |part| part.batch.partition);
    let mut limit = (i64::MAX, i32::MAX);
    let mut lines = Vec::new();
    for part in parts {
        let line = line(part.batch);
        if part.has_more {
            limit = limit.min(line.records.back().map_or(limit, |(at, _)| *at));
        }
        lines.push(line);
    }
    let mut merged: Vec<Batch> = Vec::new();
    loop {
        let heads = lines.iter_mut().filter(|line| line.records.front().is_some_and(|(at, _)| *at <= limit));
        let Some(line) = heads.min_by_key(|line| line.records.front().map(|(at, _)| *at)) else { return merged };
        let Some((_, record)) = line.records.pop_front() else { return merged };
        match merged.last_mut().filter(|batch| batch.producer == line.producer) {
            Some(batch) => batch.records.push(record),
            None => merged.push(Batch {
                producer: line.producer.clone(),
                partition,
                first_seq: line.next_seq,
                records: vec![record],
            }),
        }
        line.next_seq += 1;
    }
}

fn line(batch: Batch) -> Line {
    let mut latest = (i64::MIN, 0);
    let records = batch.records.into_iter().map(|record| {
        latest = latest.max(instant(&record));
        (latest, record)
    });
    Line { producer: batch.producer, next_seq: batch.first_seq, records: records.collect() }
}

fn instant(record: &Record) -> (i64, i32) {
    let envelope = Envelope::decode(record.envelope.as_slice()).unwrap_or_default();
    envelope.occurred_at.map_or((i64::MIN, 0), |at| (at.seconds, at.nanos))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(producer: &str, first: u64, seconds: &[i64], has_more: bool) -> Part {
        let record = |second: &i64| {
            let occurred_at = Some(prost_types::Timestamp { seconds: *second, nanos: 0 });
            Record { envelope: Envelope { occurred_at, ..Envelope::default() }.encode_to_vec(), hash: Vec::new() }
        };
        let records = seconds.iter().map(record).collect();
        Part { batch: Batch { producer: producer.to_owned(), partition: 3, first_seq: first, records }, has_more }
    }

    fn shape(batches: &[Batch]) -> Vec<(&str, u64, usize)> {
        batches.iter().map(|b| (b.producer.as_str(), b.first_seq, b.records.len())).collect()
    }

    #[test]
    fn causes_stand_before_their_effects_and_numbers_go_on() {
        let merged = merge(vec![part("triage", 7, &[2, 4], false), part("intake", 1, &[1, 3, 5], false)]);
        let wanted = [("intake", 1, 1), ("triage", 7, 1), ("intake", 2, 1), ("triage", 8, 1), ("intake", 3, 1)];
        assert_eq!(shape(&merged), wanted);
    }

    #[test]
    fn nothing_is_taken_that_an_unread_cause_could_precede() {
        let merged = merge(vec![part("triage", 7, &[2, 40], false), part("intake", 1, &[1, 3], true)]);
        assert_eq!(shape(&merged), [("intake", 1, 1), ("triage", 7, 1), ("intake", 2, 1)]);
    }

    #[test]
    fn a_clock_that_was_set_back_stops_nobody() {
        let merged = merge(vec![part("triage", 1, &[9, 1], true), part("intake", 1, &[5], true)]);
        assert_eq!(shape(&merged), [("intake", 1, 1)]);
        let merged = merge(vec![part("triage", 1, &[9, 1], false), part("intake", 1, &[5], false)]);
        assert_eq!(shape(&merged), [("intake", 1, 1), ("triage", 1, 2)]);
    }
}
