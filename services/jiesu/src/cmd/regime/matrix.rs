//! `jiesu regime matrix [SCENARIOS…]`: what gives each shipped regime what is asked of it, and which scenarios show it.

use crate::{
    cmd::{progress, say, scenario},
    matrix::Matrix,
    scenario::{Ended, Report},
};
use anyhow::Result;
use std::{path::PathBuf, process::ExitCode};

#[derive(clap::Args, Debug)]
pub(super) struct Args {
    /// 场景文件或文件夹;不给则只列规则 / Scenario files, or folders of them; without any, the rules alone are told
    scenarios: Vec<PathBuf>,
}

/// Prints the matrix, and beside it how many rules of each pack were exercised; the exit code is a failure when something asked for is not there, or a scenario failed.
///
/// # Errors
/// A file is not there, or a server cannot be started.
pub(super) async fn run(args: Args) -> Result<ExitCode> {
    let report = match args.scenarios.as_slice() {
        [] => Report::default(),
        files => scenario::play(files, None, told).await?,
    };
    report.coverage().iter().for_each(|line| progress(line));
    let matrix = Matrix::of(&report);
    say(matrix.to_string().trim_end());
    let unfilled = matrix.unfilled();
    unfilled.iter().for_each(|cell| progress(&format!("没有场景验证 / no scenario shows: {cell}")));
    let is_whole = report.failed == 0 && (unfilled.is_empty() || args.scenarios.is_empty());
    Ok(if is_whole { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn told(ended: &Ended) {
    if let Some(why) = &ended.failure {
        progress(&format!("未通过 / failed  {}\n{why}", ended.file.display()));
    }
}
