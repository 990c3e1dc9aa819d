//! `jiesu regime diff A B`: what B says otherwise, rule by rule, with the file and line of either side.

use super::shelf::{Shelf, told};
use crate::cmd::say;
use anyhow::{Result, bail};
use regime::{Difference, Side};
use serde_json::{Value, json};

#[derive(clap::Args, Debug)]
pub(super) struct Args {
    /// 原来的规则包 / The pack that was
    was: String,
    /// 现在的规则包 / The pack that is
    is: String,
    /// 每处一行 JSON / One JSON object a line
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args) -> Result<()> {
    let (was, is) = (Shelf::find(&args.was)?, Shelf::find(&args.is)?);
    let shelf: Vec<_> = [is.others, was.others].concat();
    let differences = match regime::diff(&was.pack, &is.pack, &shelf) {
        Ok(differences) => differences,
        Err(errors) => bail!("无法比较 / cannot compare\n{}", errors.iter().map(told).collect::<Vec<_>>().join("\n")),
    };
    for one in &differences {
        say(&if args.json { object(one).to_string() } else { lines(one) });
    }
    if differences.is_empty() && !args.json {
        say("没有不同 / no difference");
    }
    Ok(())
}

fn lines(one: &Difference) -> String {
    let field = one.field.as_ref().map(|field| format!(" {field}")).unwrap_or_default();
    let side = |sign: &str, side: &Option<Side>| match side {
        Some(side) if side.file.is_empty() => format!("\n  {sign} {}", side.says),
        Some(side) => format!("\n  {sign} {}  ({}:{})", side.says, side.file, side.line),
        None => String::new(),
    };
    format!("{}{field}{}{}", one.rule, side("-", &one.was), side("+", &one.is))
}

fn object(one: &Difference) -> Value {
    let side = |side: &Option<Side>| {
        side.as_ref().map(|side| json!({"says": side.says, "file": side.file, "line": side.line}))
    };
    json!({"rule": one.rule, "field": one.field, "was": side(&one.was), "is": side(&one.is)})
}
