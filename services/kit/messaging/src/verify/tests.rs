//! A log of hundreds of events, tampered with at a thousand random places: every change is found where it was made.

use super::*;
use rand::{Rng as _, SeedableRng as _, rngs::StdRng};

/// All messages of a log, record by record: partition, number, record.
#[derive(Clone)]
struct Sample {
    chains: Vec<Chain>,
    records: Vec<Vec<(u64, Record)>>,
}

impl Sample {
    /// A log of `events` events, over keys that fall where they fall.
    fn new(events: usize) -> Self {
        let mut chains: Vec<Chain> = (0..u32::from(PARTITIONS))
            .map(|partition| {
                let hash = vec![u8::try_from(partition).unwrap(); 32];
                Chain { partition, after_hash: hash.clone(), head_hash: hash, ..Chain::default() }
            })
            .collect();
        let mut records = vec![Vec::new(); chains.len()];
        for n in 0..events {
            let key = format!("case_{}", n % 97);
            let chain = &mut chains[usize::from(partition_of(&key))];
            chain.head_seq += 1;
            let record = record(&chain.head_hash, n, &key);
            chain.head_hash = record.hash.clone();
            records[chain.partition as usize].push((chain.head_seq, record));
        }
        Self { chains, records }
    }

    fn walk(&self) -> Result<Counts, Vec<Broken>> {
        let mut walker = Walker::new("intake");
        for (chain, records) in self.chains.iter().zip(&self.records) {
            walker.take(&Part::Chain(chain.clone()));
            for (seq, record) in records {
                let batch = Batch {
                    producer: "intake".to_owned(),
                    partition: chain.partition,
                    first_seq: *seq,
                    records: vec![record.clone()],
                };
                walker.take(&Part::Batch(batch));
            }
        }
        walker.finish()
    }
}

fn record(previous: &[u8], n: usize, key: &str) -> Record {
    let envelope = Envelope {
        event_id: format!("event-{n}"),
        key: key.to_owned(),
        r#type: "jiesu.intake.v1.CaseWithdrawn".to_owned(),
        ..Envelope::default()
    };
    let envelope = envelope.encode_to_vec();
    Record { hash: link(previous, &envelope), envelope }
}

#[test]
fn an_untouched_log_holds_and_what_is_watched_is_told() {
    let sample = Sample::new(1000);
    let counts = sample.walk().unwrap();
    assert_eq!((counts.partitions, counts.events), (16, 1000));
    let mut walker = Walker::new("intake");
    walker.watch(3, 0);
    walker.watch(3, 7);
    walker.watch(3, 1_000_000);
    walker.take(&Part::Chain(sample.chains[3].clone()));
    for (seq, record) in &sample.records[3] {
        let records = vec![record.clone()];
        let batch = Batch { producer: "intake".to_owned(), partition: 3, first_seq: *seq, records };
        walker.take(&Part::Batch(batch));
    }
    assert_eq!(walker.link(3, 0), Some([3; 32].as_slice()));
    assert_eq!(walker.link(3, 7), Some(sample.records[3][6].1.hash.as_slice()));
    assert_eq!(walker.link(3, 1_000_000), None);
    assert_eq!(walker.finish().unwrap_err().len(), 15, "the other partitions did not come");
}

/// One change at a random place; answers the partition and the number at which it must show.
fn tamper(sample: &mut Sample, way: u32, dice: &mut StdRng) -> (u32, u64, &'static str) {
    let filled: Vec<usize> = (0..16).filter(|p| sample.records[*p].len() > 3).collect();
    let p = filled[dice.random_range(0..filled.len())];
    let partition = u32::try_from(p).unwrap();
    let records = &mut sample.records[p];
    let last = records.len() - 1;
    let i = dice.random_range(0..records.len());
    let seq = records[i].0;
    match way {
        0 => {
            let bytes = &mut records[i].1.envelope;
            let at = dice.random_range(0..bytes.len());
            bytes[at] ^= 1 << dice.random_range(0..8);
            (partition, seq, "edit of the envelope")
        }
        1 => {
            let at = dice.random_range(0..32);
            records[i].1.hash[at] ^= 1 << dice.random_range(0..8);
            (partition, seq, "edit of the link")
        }
        2 => {
            records.remove(i);
            // The last one leaves the log short of its head; any other a hole before the next number.
            (partition, if i == last { seq - 1 } else { seq + 1 }, "delete")
        }
        3 => {
            // One more with the number of its place, well linked to the one before; the rest keep their numbers.
            let previous = if i == 0 { sample.chains[p].after_hash.clone() } else { records[i - 1].1.hash.clone() };
            let forged = record(&previous, 999_999, "case_0");
            let forged = Record { hash: link(&previous, &forged.envelope), ..forged };
            records.insert(i, (seq, forged));
            let fits = u32::from(partition_of("case_0")) == partition;
            // A forged event of the right partition passes; the one whose number it took is the second.
            (partition, seq, if fits { "insert" } else { "insert of a stranger" })
        }
        4 => {
            records.truncate(i);
            (partition, seq - 1, "truncate")
        }
        5 => {
            // The contents of two neighbours change places, their numbers stay.
            let i = i.min(last - 1);
            let (a, b) = (records[i].1.clone(), records[i + 1].1.clone());
            (records[i].1, records[i + 1].1) = (b, a);
            (partition, records[i].0, "swap")
        }
        _ => {
            // An event rewritten with a link that fits: the next one shows it, or the head.
            let previous = if i == 0 { sample.chains[p].after_hash.clone() } else { records[i - 1].1.hash.clone() };
            let key = Envelope::decode(records[i].1.envelope.as_slice()).unwrap().key;
            records[i].1 = record(&previous, 888_888, &key);
            (partition, if i == last { seq } else { seq + 1 }, "rewrite with a fitting link")
        }
    }
}

#[test]
fn a_thousand_changes_are_all_found_where_they_were_made() {
    let whole = Sample::new(400);
    let mut dice = StdRng::seed_from_u64(20_261_127);
    for n in 0..1000 {
        let mut sample = whole.clone();
        let (partition, seq, what) = tamper(&mut sample, n % 7, &mut dice);
        let broken = sample.walk().expect_err(what);
        let [one] = broken.as_slice() else { panic!("{n} {what}: {broken:?}") };
        assert_eq!((one.partition, one.seq), (partition, seq), "{n} {what}: {one:?}");
        assert!(!one.fault.text().zh.is_empty() && !one.fault.text().en.is_empty());
    }
}

#[test]
fn each_fault_is_called_by_its_name() {
    let whole = Sample::new(400);
    let fault = |change: &dyn Fn(&mut Sample)| {
        let mut sample = whole.clone();
        change(&mut sample);
        sample.walk().unwrap_err().swap_remove(0).fault
    };
    assert_eq!(fault(&|s| drop(s.records[7].remove(4))), Fault::Missing { expected: 5 });
    let doubled = whole.records[7][3].clone();
    assert_eq!(fault(&|s| s.records[7].insert(4, doubled.clone())), Fault::Doubled { expected: 5 });
    assert_eq!(fault(&|s| s.records[7][4].1.envelope.push(0)), Fault::Link);
    assert_eq!(fault(&|s| s.chains[7].head_hash = vec![0; 32]), Fault::EndsBeside);
    let head = whole.chains[7].head_seq;
    assert_eq!(fault(&|s| s.records[7].clear()), Fault::EndsBefore { head });
    assert_eq!(fault(&|s| s.chains[7].head_seq -= 1), Fault::BeyondHead { head: head - 1 });
    assert_eq!(fault(&|s| s.chains.truncate(7)), Fault::Absent);
    let stranger = fault(&|s| {
        let chain = &mut s.chains[7];
        chain.head_seq += 1;
        let key = (0..).map(|n| format!("case_{n}")).find(|key| partition_of(key) == 8).unwrap();
        let record = record(&chain.head_hash, 1, &key);
        chain.head_hash = record.hash.clone();
        s.records[7].push((chain.head_seq, record));
    });
    assert_eq!(stranger, Fault::Misplaced { belongs: 8 });
    let rubbish = fault(&|s| {
        let chain = &mut s.chains[7];
        chain.head_seq += 1;
        let envelope = vec![0xff; 9];
        let hash = link(&chain.head_hash, &envelope);
        chain.head_hash = hash.clone();
        s.records[7].push((chain.head_seq, Record { envelope, hash }));
    });
    assert_eq!(rubbish, Fault::Unreadable);
}
