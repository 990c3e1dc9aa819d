//! `jiesu regime simulate`: what a pack does with cases, and what would be different under another.

use super::{One, cases, shelf::Shelf};
use crate::cmd::say;
use anyhow::{Context as _, Result, bail};
use chrono::{DateTime, NaiveDate, Utc};
use facts::CaseView;
use legal_time::{Calendar, Counting, Tz};
use regime::Regime;
use simulation::{Change, Comparison, Season, Trial, Work, compare, generate};
use std::path::PathBuf;

/// So many cases are shown one by one, unless all are asked for.
const SHOWN: usize = 20;

#[derive(clap::Args, Debug)]
pub(super) struct Args {
    #[command(flatten)]
    one: One,
    /// 导出的日志(jiesu log export),或每行一个案件的 JSON 文件;可多个
    /// / Exported logs, or files with one case a line as JSON; several may be given
    #[arg(long, num_args = 1.., required_unless_present = "generate")]
    cases: Vec<PathBuf>,
    /// 生成若干案件 / Makes so many plausible cases instead
    #[arg(long, value_name = "COUNT", conflicts_with = "cases")]
    generate: Option<usize>,
    /// 生成案件的种子 / The seed of generated cases
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// 生成案件的首日,如 2026-01-05;之后 90 日 / The first of the 90 days in which generated cases come in
    #[arg(long, default_value = "2026-01-05")]
    from: NaiveDate,
    /// 与之比较的规则包 / The pack to compare it with
    #[arg(long, value_name = "PACK")]
    against: Option<String>,
    /// 时区 / The zone
    #[arg(long, default_value = "Asia/Shanghai")]
    zone: Tz,
    /// 列出全部有变化的案件 / Shows every case that is different
    #[arg(long)]
    all: bool,
}

pub(super) fn run(args: Args) -> Result<()> {
    let (was, _) = Shelf::usable(&args.one)?;
    let other = args.against.map(|pack| Shelf::usable(&One { pack, choices: Vec::new() })).transpose()?;
    let from = args.from.and_hms_opt(0, 0, 0).unwrap_or_default().and_utc();
    let cases = match args.generate {
        Some(count) => generate(&was, count, args.seed, Season { from, days: 90, zone: args.zone }),
        None => cases::read(&args.cases)?,
    };
    // Whatever is still open then is seen as it stood when the last thing happened.
    let now = cases.iter().flat_map(|case| &case.history).map(|fact| fact.at).max().unwrap_or(from);
    let first = sheets(&was, &was, &cases, args.zone, now)?;
    match &other {
        Some((is, _)) => {
            let second = sheets(is, &was, &cases, args.zone, now)?;
            changes(&was, is, &compare(&first, &second), args.all, args.zone);
        }
        None => plain(&was, &compare(&first, &first)),
    }
    Ok(())
}

fn sheets(
    regime: &Regime,
    was: &Regime,
    cases: &[CaseView],
    zone: Tz,
    now: DateTime<Utc>,
) -> Result<Vec<simulation::Sheet>> {
    let name = &regime.calendar;
    let csv = packs::calendar(name).with_context(|| format!("没有日历 {name} / there is no calendar {name}"))?;
    let calendar = match Calendar::parse(name, &csv) {
        Ok(calendar) => calendar,
        Err(error) => bail!("日历 {name} / calendar {name}: {error:?}"),
    };
    let trial = Trial { regime, counting: Counting::of(regime, &calendar, zone), was, now };
    Ok(cases.iter().map(|case| trial.run(case)).collect())
}

fn plain(regime: &Regime, all: &Comparison) {
    say(&format!("# {} / {}", regime.title.zh, regime.title.en));
    say(&format!("案件 {} / {} cases", all.cases, all.cases));
    say("\n违反期限 / breaches");
    for (clock, (count, _)) in &all.breaches {
        say(&format!("  {count:>6}  {}", clock_title(&[regime], clock)));
    }
    say("\n通知 / notices");
    for (to, (count, _)) in &all.told {
        say(&format!("  {count:>6}  {}", recipient(&[regime], to)));
    }
    say("\n各角色的工作:案件、联系任务、消息、上报 / work by role: cases, calls and visits, messages, climbs");
    for (role, (work, _)) in &all.work {
        let Work { cases, tasks, messages, climbs } = work;
        say(&format!("  {cases:>6} {tasks:>6} {messages:>6} {climbs:>6}  {}", recipient(&[regime], role)));
    }
}

fn changes(was: &Regime, is: &Regime, all: &Comparison, is_all: bool, zone: Tz) {
    let both = [is, was];
    say(&format!("# {} → {} / {} → {}", was.title.zh, is.title.zh, was.title.en, is.title.en));
    let changed = all.changed.len();
    say(&format!("案件 {},其中 {changed} 件有变化 / {} cases, of which {changed} are different", all.cases, all.cases));
    say("\n违反期限 / breaches");
    for (clock, (old, new)) in &all.breaches {
        say(&format!("  {old:>6} → {new:<6} {}", clock_title(&both, clock)));
    }
    say("\n通知 / notices");
    for (to, (old, new)) in &all.told {
        say(&format!("  {old:>6} → {new:<6} {}", recipient(&both, to)));
    }
    say("\n各角色的工作:案件、联系任务、消息、上报 / work by role: cases, calls and visits, messages, climbs");
    for (role, (old, new)) in &all.work {
        let pair = |old: usize, new: usize| format!("{old:>5}→{new:<5}");
        let row =
            [(old.cases, new.cases), (old.tasks, new.tasks), (old.messages, new.messages), (old.climbs, new.climbs)];
        let row: Vec<String> = row.into_iter().map(|(old, new)| pair(old, new)).collect();
        say(&format!("  {} {}", row.join(" "), recipient(&both, role)));
    }
    say("");
    let shown = if is_all { changed } else { SHOWN };
    for case in all.changed.iter().take(shown) {
        say(&case.case);
        case.changes.iter().for_each(|change| say(&format!("  {}", told(&both, change, zone))));
    }
    if changed > shown {
        let rest = changed - shown;
        say(&format!("…… 另有 {rest} 件,用 --all 列出 / and {rest} more; --all shows them"));
    }
}

fn told(both: &[&Regime], change: &Change, zone: Tz) -> String {
    let local = |at: &DateTime<Utc>| at.with_timezone(&zone).format("%Y-%m-%d %H:%M").to_string();
    let run = |run: &u32| if *run > 1 { format!(" #{run}") } else { String::new() };
    let named = |clock: &str, number: &u32| format!("{}{}", clock_title(both, clock), run(number));
    match change {
        Change::Graded { was, is } => format!("定级 / grade: {} → {}", severity(both, was), severity(both, is)),
        Change::Moved { clock, run, was, is } => format!("{}: {} → {}", named(clock, run), local(was), local(is)),
        Change::Gained { clock, run, due } => format!("{}: 新增 / new, {}", named(clock, run), local(due)),
        Change::Lost { clock, run, due } => format!("{}: 不再有 / gone ({})", named(clock, run), local(due)),
        Change::Breached { clock, run } => format!("{}: 违反 / breached", named(clock, run)),
        Change::Kept { clock, run } => format!("{}: 不再违反 / no longer breached", named(clock, run)),
    }
}

/// A clock, or a failure that is no time limit.
fn clock_title(regimes: &[&Regime], name: &str) -> String {
    let clocks = regimes.iter().flat_map(|regime| &regime.clocks).map(|clock| (&clock.name, &clock.title));
    let breaches = regimes.iter().flat_map(|regime| &regime.breaches).map(|breach| (&breach.name, &breach.title));
    let known = clocks.chain(breaches).find(|(known, _)| *known == name);
    known.map_or_else(|| name.to_owned(), |(_, title)| format!("{} / {}", title.zh, title.en))
}

fn severity(regimes: &[&Regime], severity: &str) -> String {
    let title = regimes.iter().find_map(|regime| regime.word_title("severity", severity));
    title.map_or_else(|| "—".to_owned(), |title| format!("{} / {}", title.zh, title.en))
}

fn recipient(regimes: &[&Regime], name: &str) -> String {
    if name == "complainant" {
        return "投诉人 / the complainant".to_owned();
    }
    let knows = |regime: &&&Regime| regime.words.roles.iter().any(|word| word.id == name);
    let regime = regimes.iter().find(knows).or(regimes.first());
    regime.map_or_else(
        || name.to_owned(),
        |regime| {
            let title = regime.role_title(name);
            format!("{} / {}", title.zh, title.en)
        },
    )
}
