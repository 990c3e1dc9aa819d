//! `jiesu import FILE.csv`: hands in many matters that were written down elsewhere. Idempotent by the file's hash and the
//! row number, so that a run that was broken off is simply started again; refused rows go to a report with their reasons.

use crate::{
    client::Where,
    desk::{Person, told},
};
use anyhow::{Context as _, Result, bail};
use contracts::intake;
use indicatif::{ProgressBar, ProgressStyle};
use sha2::{Digest as _, Sha256};
use std::{collections::HashMap, io::Write as _, path::PathBuf};

/// Rows in one call; each call is one transaction.
const BATCH: usize = 100;
/// Text in one call: half of what a call may hold.
const BYTES: usize = 2 * 1024 * 1024;
/// Columns that are fields of a hand-in, with the Chinese header each may bear.
const COLUMNS: &[(&str, &str)] = &[
    ("unit", "单位"),
    ("channel", "渠道"),
    ("kind", "类型"),
    ("subject", "标题"),
    ("narrative", "内容"),
    ("name", "姓名"),
    ("phone", "电话"),
    ("email", "邮箱"),
    ("address", "地址"),
    ("anonymous", "匿名"),
    ("asked_by", "要求办结日期"),
    ("received_at", "收到日期"),
    ("department", "被投诉部门"),
];

#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) at: Where,
    /// UTF-8 (with or without BOM) or GB18030; the first row names the columns; `fact:NAME` columns are facts
    pub(crate) file: PathBuf,
    /// Who imports; the password is read from JIESU_PASSWORD
    #[arg(long)]
    pub(crate) login: String,
    /// Where refused rows are reported; default FILE.refused.csv
    #[arg(long)]
    pub(crate) report: Option<PathBuf>,
}

/// A row of the file: its line number and its cells by column.
struct Row {
    line: u64,
    cells: HashMap<String, String>,
}

/// Imports the file.
///
/// # Errors
/// The file cannot be read, a column is unknown, or the installation cannot be reached.
pub(crate) async fn run(args: Args) -> Result<()> {
    let bytes = std::fs::read(&args.file).with_context(|| format!("cannot read {}", args.file.display()))?;
    let rows = rows(&decoded(&bytes))?;
    let digest = hex::encode(Sha256::digest(&bytes));
    let client = args.at.client()?;
    let person = super::case::sign_in(&client, &args.login).await?;
    let report = args.report.unwrap_or_else(|| args.file.with_extension("refused.csv"));
    let mut refused = csv::Writer::from_path(&report).with_context(|| format!("cannot write {}", report.display()))?;
    refused.write_record(["line", "field", "reason", "reason_en"])?;
    let style = ProgressStyle::with_template("{bar:40} {pos}/{len} {per_sec} 剩余 {eta}")?;
    let bar = ProgressBar::new(rows.len() as u64).with_style(style);
    let (mut accepted, mut repeated, mut failed) = (0, 0, 0);
    for batch in batches(&rows) {
        for (row, result) in batch.iter().zip(hand_in(&person, &digest, batch).await?) {
            match result.result {
                Some(intake::row_result::Result::Accepted(reply)) if reply.is_repeat => repeated += 1,
                Some(intake::row_result::Result::Accepted(_)) => accepted += 1,
                Some(intake::row_result::Result::Problem(problem)) => {
                    failed += 1;
                    explain(&mut refused, row.line, problem)?;
                }
                None => bail!("intake gave no answer for line {}", row.line),
            }
        }
        refused.flush()?;
        bar.inc(batch.len() as u64);
    }
    bar.finish();
    writeln!(
        std::io::stdout(),
        "收下 accepted {accepted} · 先前已收 repeated {repeated} · 退回 refused {failed} → {}",
        report.display()
    )?;
    if failed > 0 {
        bail!("有 {failed} 行未收下 / {failed} rows were refused, see {}", report.display());
    }
    Ok(())
}

/// The rows in runs that one call can hold.
fn batches(rows: &[Row]) -> Vec<&[Row]> {
    let size = |row: &Row| row.cells.values().map(String::len).sum::<usize>();
    let (mut batches, mut rest) = (Vec::new(), rows);
    while !rest.is_empty() {
        let mut bytes = 0;
        let fitting = rest.iter().take(BATCH).take_while(|row| {
            bytes += size(row);
            bytes <= BYTES
        });
        // A row that is too long for any call goes alone, and intake says so.
        let (batch, after) = rest.split_at(fitting.count().max(1));
        batches.push(batch);
        rest = after;
    }
    batches
}

async fn hand_in(person: &Person, digest: &str, batch: &[Row]) -> Result<Vec<intake::RowResult>> {
    let rows = batch.iter().map(|row| request(digest, row)).collect();
    let request = person.call().request(intake::HandInManyRequest { rows });
    let results = told(person.client.intake().hand_in_many(request).await).map_err(super::explained)?.results;
    anyhow::ensure!(results.len() == batch.len(), "intake answered {} of {} rows", results.len(), batch.len());
    Ok(results)
}

fn request(digest: &str, row: &Row) -> intake::HandInRequest {
    let cell = |name: &str| row.cells.get(name).cloned().unwrap_or_default();
    let some = |name: &str| Some(cell(name)).filter(|text| !text.is_empty());
    let facts = row.cells.iter().filter(|(_, value)| !value.is_empty());
    let facts = facts.filter_map(|(name, value)| Some(format!("{}={value}", name.strip_prefix("fact:")?)));
    intake::HandInRequest {
        request_id: format!("import-{digest}-{}", row.line),
        unit_id: cell("unit"),
        channel: cell("channel"),
        kind: cell("kind"),
        subject: cell("subject"),
        narrative: cell("narrative"),
        identity: Some(intake::Identity {
            name: cell("name"),
            phone: cell("phone"),
            email: cell("email"),
            address: cell("address"),
        }),
        is_anonymous: matches!(cell("anonymous").as_str(), "true" | "1" | "是" | "yes"),
        asked_by: some("asked_by").map(|date| iso(&date)),
        received_at: some("received_at").and_then(|date| midnight(&iso(&date))),
        about_unit_id: some("department"),
        facts: facts.filter_map(|text| super::submit::parse_fact(&text).ok()).collect(),
        ..Default::default()
    }
}

/// `2026/1/5` and `2026年1月5日` as `2026-01-05`; anything else as it stands, for intake to refuse by name.
fn iso(text: &str) -> String {
    let parts: Vec<&str> = text.split(['-', '/', '年', '月', '日']).filter(|part| !part.is_empty()).collect();
    match parts.as_slice() {
        [year, month, day] if year.len() == 4 => format!("{year}-{month:0>2}-{day:0>2}"),
        _ => text.to_owned(),
    }
}

fn midnight(date: &str) -> Option<prost_types::Timestamp> {
    let date: chrono::NaiveDate = date.parse().ok()?;
    let local = date.and_time(chrono::NaiveTime::MIN).and_local_timezone(chrono_tz::Asia::Shanghai).single()?;
    Some(kit_grpc::timestamp(local.to_utc()))
}

fn explain(report: &mut csv::Writer<std::fs::File>, line: u64, problem: intake::RowProblem) -> Result<()> {
    let line = line.to_string();
    if problem.fields.is_empty() {
        let text = problem.text.unwrap_or_default();
        report.write_record([line.as_str(), "", &text.zh, &text.en])?;
        return Ok(());
    }
    for field in problem.fields {
        let text = field.text.unwrap_or_default();
        report.write_record([line.as_str(), &field.field, &text.zh, &text.en])?;
    }
    Ok(())
}

/// UTF-8 where it is that, else GB18030, which most Chinese spreadsheets still write.
fn decoded(bytes: &[u8]) -> String {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => encoding_rs::GB18030.decode(bytes).0.into_owned(),
    }
}

fn rows(text: &str) -> Result<Vec<Row>> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(text.as_bytes());
    let columns = reader.headers()?.iter().map(column).collect::<Result<Vec<_>>>()?;
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.context("the file is no CSV")?;
        let line = record.position().map_or(0, csv::Position::line);
        let cells = columns.iter().cloned().zip(record.iter().map(str::to_owned)).collect();
        rows.push(Row { line, cells });
    }
    Ok(rows)
}

/// The field that a header names, in Chinese or by its key.
fn column(header: &str) -> Result<String> {
    if header.starts_with("fact:") {
        return Ok(header.to_owned());
    }
    let found = COLUMNS.iter().find(|(key, title)| *key == header || *title == header);
    let known = || COLUMNS.iter().map(|(key, title)| format!("{key}/{title}")).collect::<Vec<_>>().join(", ");
    let (key, _) = found.with_context(|| format!("未知的列 / unknown column `{header}`; known: {}", known()))?;
    Ok((*key).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_an_old_spreadsheet_is_read_and_an_unknown_column_is_named() {
        let (bytes, _, _) = encoding_rs::GB18030.encode("单位,标题,收到日期\nb01,电梯停运,2026年1月5日\n");
        let rows = rows(&decoded(&bytes)).unwrap();
        assert_eq!(rows.len(), 1);
        let request = request("d", &rows[0]);
        assert_eq!((request.unit_id.as_str(), request.subject.as_str()), ("b01", "电梯停运"));
        assert_eq!(request.request_id, "import-d-2");
        assert_eq!(request.received_at.unwrap().seconds, 1_767_542_400);
        let Err(error) = super::rows("单位,标提\nb01,x\n") else { panic!("accepted an unknown column") };
        assert!(error.to_string().contains("标提"));
    }
}
