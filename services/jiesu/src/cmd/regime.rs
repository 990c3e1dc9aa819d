//! `jiesu regime …`: what authors of packs and those who approve them need. All but `publish`, `consult` and `approve` work on files alone.

mod amend;
mod cases;
mod check;
mod diff;
mod matrix;
mod publish;
mod shelf;
mod simulate;

use crate::cmd::say;
use anyhow::Result;
use shelf::Shelf;
use std::process::ExitCode;

#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand, Debug)]
enum Command {
    /// 检查规则包:一次指出全部错误、空白和可疑之处 / Checks packs: everything wrong, left blank or odd, at once
    Check(check::Args),
    /// 两个规则包有何不同 / What is different between two packs
    Diff(diff::Args),
    /// 把制度写成可供审阅的文件 / Tells a regime as a document to be approved
    Explain(Explain),
    /// 在案件上试算,可与另一规则包比较 / Tries a pack on cases, and compares it with another
    Simulate(simulate::Args),
    /// 输出规则包的完整文本(含其所引用的) / Prints the complete text of a pack, with what it extends
    Compose(Compose),
    /// 发布规则包 / Publishes a pack to a running installation
    Publish(publish::Args),
    /// 各制度所需能力由哪些规则提供、哪些场景验证 / What gives each regime what it needs, and which scenarios show it
    Matrix(matrix::Args),
    /// 登记修订征求到的意见 / Records what somebody said who must be asked about an amendment
    Consult(amend::Consult),
    /// 批准修订 / Approves an amendment
    Approve(amend::Approve),
    /// 供编辑器使用的 JSON Schema / JSON Schema for editors
    Schema,
}

/// A pack and the values that are chosen for it.
#[derive(clap::Args, Debug)]
pub(super) struct One {
    /// 文件,或随附规则包的名称 / A file, or the id of a shipped pack
    pub(super) pack: String,
    /// 参数取值 / The value of a parameter
    #[arg(long = "set", value_name = "NAME=VALUE", value_parser = choice)]
    pub(super) choices: Vec<(String, String)>,
}

#[derive(clap::Args, Debug)]
struct Explain {
    #[command(flatten)]
    one: One,
    /// 语言 / The language
    #[arg(long, default_value = "zh", value_parser = ["zh", "en"])]
    lang: String,
}

#[derive(clap::Args, Debug)]
struct Compose {
    #[command(flatten)]
    one: One,
}

/// Runs the command.
///
/// # Errors
/// A file cannot be read, or a pack is not one that can be used.
pub(crate) async fn run(args: Args) -> Result<ExitCode> {
    match args.command {
        Command::Check(args) => return check::run(args),
        Command::Matrix(args) => return matrix::run(args).await,
        Command::Diff(args) => diff::run(&args)?,
        Command::Explain(args) => {
            let (one, examples) = shelf::with_examples(&args.one)?;
            let (regime, _) = Shelf::usable(&one)?;
            let is_zh = args.lang == "zh";
            if !examples.is_empty() {
                say(&left_blank(&examples, is_zh));
            }
            say(regime::explain(&regime, is_zh).trim_end());
        }
        Command::Simulate(args) => simulate::run(args)?,
        Command::Compose(args) => say(Shelf::usable(&args.one)?.1.trim_end()),
        Command::Publish(args) => publish::run(args).await?,
        Command::Consult(args) => amend::consult(args).await?,
        Command::Approve(args) => amend::approve(args).await?,
        Command::Schema => say(&format!("{:#}", regime::schema())),
    }
    Ok(ExitCode::SUCCESS)
}

/// What the organisation still has to choose, so that nobody takes an example for the text.
fn left_blank(examples: &[(String, String)], is_zh: bool) -> String {
    let head = if is_zh {
        "原文留空，须由本单位填写；下文以示例代替："
    } else {
        "Left blank by the text, for the organisation to fill in; examples stand below:"
    };
    let lines = examples.iter().map(|(name, example)| format!("> - `{name}`: {example}\n"));
    format!("> {head}\n>\n{}", lines.collect::<String>())
}

/// Reads `name=value`.
fn choice(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("应为 名称=值 / expected name=value")?;
    Ok((name.trim().to_owned(), value.trim().to_owned()))
}
