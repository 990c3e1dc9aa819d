//! The cases that a pack is tried on: exported logs, one or several, or a file with one case a line as JSON.

use crate::cmd::log::Exported;
use anyhow::{Context as _, Result, ensure};
use chrono::{DateTime, Utc};
use contracts::{Fact, common::Envelope, log::read_log_response::Part};
use facts::CaseView;
use prost::Message as _;
use std::{
    collections::BTreeMap,
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
};

/// Reads all files: cases as JSON lines, and the facts of exported logs put together by case.
///
/// # Errors
/// A file is neither, and where.
pub(super) fn read(files: &[PathBuf]) -> Result<Vec<CaseView>> {
    let mut facts: Vec<(DateTime<Utc>, Fact)> = Vec::new();
    let mut cases = Vec::new();
    for file in files {
        if file.extension().is_some_and(|ext| ext == "json" || ext == "jsonl") {
            cases.extend(lines(file)?);
        } else {
            facts.extend(exported(file)?);
        }
    }
    cases.extend(folded(facts));
    ensure!(!cases.is_empty(), "没有案件 / there are no cases");
    Ok(cases)
}

fn lines(path: &Path) -> Result<Vec<CaseView>> {
    let name = path.display();
    let file = std::fs::File::open(path).with_context(|| format!("无法读取 / cannot read {name}"))?;
    let mut cases = Vec::new();
    for (number, line) in (1..).zip(BufReader::new(file).lines()) {
        let line = line.with_context(|| format!("{name}:{number}"))?;
        if !line.trim().is_empty() {
            cases.push(
                serde_json::from_str(&line).with_context(|| format!("{name}:{number} 不是案件 / this is no case"))?,
            );
        }
    }
    Ok(cases)
}

fn exported(path: &Path) -> Result<Vec<(DateTime<Utc>, Fact)>> {
    let mut log = Exported::open(path)?;
    let mut facts = Vec::new();
    while let Some(answer) = log.next()? {
        let Some(Part::Batch(batch)) = answer.part else { continue };
        for record in batch.records {
            let named = || format!("{} 已损坏或不完整 / it is damaged or cut short", path.display());
            let envelope = Envelope::decode(record.envelope.as_slice()).with_context(named)?;
            let at = envelope.occurred_at.as_ref().and_then(kit_grpc::instant).with_context(named)?;
            // What a later build knows more of says nothing to this one.
            if let Some(fact) = Fact::decode(&envelope.r#type, &envelope.data).with_context(named)? {
                facts.push((at, fact));
            }
        }
    }
    Ok(facts)
}

/// The cases that the facts tell. One whose registration is not in the files is left out.
fn folded(mut facts: Vec<(DateTime<Utc>, Fact)>) -> Vec<CaseView> {
    facts.sort_by_key(|(at, _)| *at);
    let mut cases: BTreeMap<String, CaseView> = BTreeMap::new();
    for (at, fact) in &facts {
        if !fact.case_id().is_empty() {
            cases.entry(fact.case_id().to_owned()).or_default().apply(fact, *at);
        }
    }
    cases.into_values().filter(|case| case.has_word("case-registered")).collect()
}
