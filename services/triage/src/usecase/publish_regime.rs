//! Puts a version of a regime in force. A pack is taken whole or not at all.

use crate::store::{self, regime::Published};
use crate::usecase::amend_regime::{self, Actor};
use chrono::NaiveDate;
use contracts::Fact;
use contracts::triage::{PublishRegimeResponse, RegimePublished};
use facts::Law;
use kit_core::{FieldProblem, Problem, Text};
use kit_db::Result;
use kit_messaging::Tx;
use kit_reference::Reference;
use regime::Regime;
use sha2::{Digest as _, Sha256};

/// How errors name the pack of a request, which has no file.
const FILE: &str = "pack.yaml";

/// A pack that was read and checked.
pub(crate) struct Checked {
    regime_id: String,
    title: Text,
    pack: String,
    sha256: Vec<u8>,
    unit_id: String,
    in_force_from: NaiveDate,
    in_force_to: Option<NaiveDate>,
}

/// Reads and checks the pack as a whole; every error names its line.
pub(crate) fn check(
    law: &Law,
    pack: String,
    unit_id: String,
    in_force_from: &str,
) -> std::result::Result<Checked, Problem> {
    let regime = Regime::parse(FILE, &pack).map_err(|errors| {
        let mut problem = Problem::invalid(
            "invalid-pack",
            format!("制度文件有 {} 处错误,未予发布", errors.len()),
            format!("The pack has {} errors and was not published", errors.len()),
        );
        problem.fields = errors
            .iter()
            .map(|error| {
                let clause = if error.clause.is_empty() { String::new() } else { format!(" [{}]", error.clause) };
                FieldProblem {
                    field: format!("{}:{}", error.file, error.line),
                    text: Text::new(format!("{}{clause}", error.zh), format!("{}{clause}", error.en)),
                }
            })
            .collect();
        problem
    })?;
    if !unit_id.is_empty() && law.directory().unit(&unit_id).is_none() {
        return Err(Problem::field("unit_id", "unknown-unit", "没有这个单位", "There is no such unit"));
    }
    Ok(Checked {
        in_force_from: first_day(&regime, in_force_from)?,
        in_force_to: regime.in_force_to,
        sha256: Sha256::digest(pack.as_bytes()).to_vec(),
        regime_id: regime.id,
        title: regime.title,
        pack,
        unit_id,
    })
}

fn first_day(regime: &Regime, asked: &str) -> std::result::Result<NaiveDate, Problem> {
    let field = "in_force_from";
    if asked.is_empty() {
        return regime.in_force_from.ok_or_else(|| {
            Problem::field(field, "first-day-needed", "须指明施行日期", "The first day in force must be given")
        });
    }
    NaiveDate::parse_from_str(asked, "%Y-%m-%d")
        .map_err(|_| Problem::field(field, "malformed-date", "日期应形如 2026-04-15", "A date looks like 2026-04-15"))
}

/// Publishes it, unless the latest version says the same for the same units from the same day.
pub(crate) async fn publish(tx: &mut Tx, law: &Law, by: &Actor, checked: Checked) -> Result<PublishRegimeResponse> {
    let latest = store::regime::lock_latest(tx, &checked.regime_id).await?;
    let is_same = |known: &Published| {
        known.sha256 == checked.sha256
            && known.unit_id == checked.unit_id
            && known.in_force_from == checked.in_force_from
    };
    if let Some(known) = latest.as_ref().filter(|known| is_same(known)) {
        return Ok(PublishRegimeResponse { regime_id: checked.regime_id, version: known.version });
    }
    match &latest {
        Some(latest) => amend_regime::check(tx, law, by, latest, &checked.sha256).await?,
        None => amend_regime::is_administrator(by)?,
    }
    let version = latest.map_or(1, |known| known.version + 1);
    let event = RegimePublished {
        regime_id: checked.regime_id.clone(),
        version,
        pack: checked.pack.clone(),
        sha256: checked.sha256.clone(),
        unit_id: checked.unit_id.clone(),
        in_force_from: checked.in_force_from.to_string(),
        in_force_to: checked.in_force_to.map(|day| day.to_string()).unwrap_or_default(),
    };
    let published = Published {
        regime_id: checked.regime_id,
        version,
        unit_id: checked.unit_id,
        in_force_from: checked.in_force_from,
        title: checked.title,
        sha256: checked.sha256,
    };
    let now = tx.now();
    store::regime::insert(tx, &published, &checked.pack, now).await?;
    let row = facts::law_entry(&Fact::RegimePublished(event.clone()));
    Reference::<Law>::put(tx, row.as_slice()).await?;
    tx.publish(&published.regime_id, &event);
    Ok(PublishRegimeResponse { regime_id: published.regime_id, version })
}
