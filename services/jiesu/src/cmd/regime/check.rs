//! `jiesu regime check`: exit code 1 for errors, 2 where a pack is well formed and something in it is left blank.

use super::{
    choice,
    shelf::{Shelf, told},
};
use crate::cmd::{progress, say};
use anyhow::{Result, ensure};
use regime::{Gravity, Surroundings};
use serde_json::json;
use std::process::ExitCode;

#[derive(clap::Args, Debug)]
pub(super) struct Args {
    /// 文件,或随附规则包的名称 / Files, or ids of shipped packs
    packs: Vec<String>,
    /// 检查全部随附规则包 / Checks all shipped packs
    #[arg(long)]
    all: bool,
    /// 参数取值 / The value of a parameter
    #[arg(long = "set", value_name = "NAME=VALUE", value_parser = choice)]
    choices: Vec<(String, String)>,
    /// 本单位有人担任的角色,以逗号分隔;其余角色的通知视为错误
    /// / The roles that somebody holds, with commas; a notice to any other is an error
    #[arg(long, value_delimiter = ',')]
    roles: Option<Vec<String>>,
    /// 每处一行 JSON / One JSON object a line
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: Args) -> Result<ExitCode> {
    let mut names = args.packs;
    if args.all {
        names.extend(packs::regimes().iter().filter_map(|pack| pack.id().map(str::to_owned)));
    }
    ensure!(!names.is_empty(), "请指明规则包,或用 --all / name a pack, or use --all");
    let around = Surroundings {
        choices: args.choices.into_iter().collect(),
        held: args.roles.map(|roles| roles.into_iter().map(|role| role.trim().to_owned()).collect()),
        ..Surroundings::default()
    };
    let mut counts = [0_usize; 3];
    for name in &names {
        for found in Shelf::find(name)?.checked(around.clone()).found {
            let (count, gravity) = match found.gravity {
                Gravity::Error => (&mut counts[0], "error"),
                Gravity::Blank => (&mut counts[1], "blank"),
                Gravity::Warning => (&mut counts[2], "warning"),
            };
            *count += 1;
            say(&if args.json {
                json!({"file": found.file, "line": found.line, "clause": found.clause, "gravity": gravity,
                    "zh": found.zh, "en": found.en})
                .to_string()
            } else {
                told(&found)
            });
        }
    }
    let [errors, blanks, odd] = counts;
    progress(&format!(
        "{} 个规则包:错误 {errors},空白 {blanks},提示 {odd} / {} packs: {errors} errors, {blanks} blanks, {odd} warnings",
        names.len(),
        names.len()
    ));
    Ok(match counts {
        [0, 0, _] => ExitCode::SUCCESS,
        [0, ..] => ExitCode::from(2),
        _ => ExitCode::FAILURE,
    })
}
