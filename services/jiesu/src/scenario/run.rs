//! Runs scenarios side by side, each in a world of its own, and tells how they ended.

use super::{
    check,
    cover::{Evidence, Rule, rules},
    ground::Ground,
    play::{Failure, Play, Stop},
    read, rest,
    script::Script,
    seen::Seen,
};
use anyhow::Result;
use futures::StreamExt as _;
use regime::PackError;
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

/// How many facts of a case's timeline are shown where a step failed.
const AROUND: usize = 12;

/// Where to run and how.
#[derive(Clone, Debug)]
pub struct Settings {
    pub postgres_url: String,
    pub nats_url: String,
    /// For what the services write to disk.
    pub folder: PathBuf,
    /// Scenarios played at once.
    pub jobs: usize,
    /// The servers end with the run, and nothing has to be tidied up in them.
    pub is_thrown_away: bool,
}

/// How one scenario ended.
#[derive(Clone, Debug)]
pub struct Ended {
    pub file: PathBuf,
    pub title: String,
    /// None: it passed.
    pub failure: Option<String>,
    /// How long its world took to start, and how long the scenario then took.
    pub started: Duration,
    pub played: Duration,
}

/// How all of them ended.
#[derive(Debug, Default)]
pub struct Report {
    pub passed: usize,
    pub failed: usize,
    /// By the pack's file.
    covered: BTreeMap<String, Covered>,
}

/// The rules of a pack, and what was exercised of them.
#[derive(Debug, Default)]
struct Covered {
    rules: Vec<Rule>,
    /// The scenarios that exercised each rule, by its path.
    fired: BTreeMap<String, BTreeSet<String>>,
    played: BTreeSet<String>,
}

/// Plays the scenarios in these files; `told` hears of each as it ends.
///
/// # Errors
/// The servers do not answer. What is wrong with a scenario is a failure of that scenario.
pub async fn run(settings: &Settings, files: &[PathBuf], mut told: impl FnMut(&Ended)) -> Result<Report> {
    let ground = Ground::open(&settings.postgres_url, &settings.nats_url, settings.folder.clone()).await?;
    let mut report = Report::default();
    let work = files.iter().map(|file| one(&ground, file));
    let mut ends = futures::stream::iter(work).buffer_unordered(settings.jobs.max(1));
    while let Some((ended, script, evidence)) = ends.next().await {
        if ended.failure.is_some() {
            report.failed += 1
        } else {
            report.passed += 1
        }
        if let (Some(script), None) = (script, &ended.failure) {
            report.note(&script, &evidence);
        }
        told(&ended);
    }
    drop(ends);
    if !settings.is_thrown_away {
        ground.close().await?;
    }
    Ok(report)
}

impl Report {
    fn note(&mut self, script: &Script, evidence: &Evidence) {
        let name = script.file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let setting = &script.setting;
        let packs = std::iter::once((&setting.pack, &script.regime)).chain(setting.also.iter().zip(&script.also));
        for (place, (pack, regime)) in packs.enumerate() {
            let shown = evidence.under(&regime.id);
            // One that is in force beside the scenario's own is played when a case comes under it.
            if place > 0 && !shown.has_case() {
                continue;
            }
            // With the values that this scenario chose.
            let rules = rules(&pack.yaml);
            let covered = self.covered.entry(pack.file.clone()).or_default();
            for rule in shown.fired(&rules) {
                covered.fired.entry(rule.path.join("/")).or_default().insert(name.clone());
            }
            covered.played.insert(name.clone());
            if covered.rules.is_empty() {
                covered.rules = rules;
            }
        }
    }

    /// The scenarios that passed under the pack of this file.
    pub(crate) fn played(&self, pack: &str) -> BTreeSet<String> {
        self.covered.get(pack).map(|covered| covered.played.clone()).unwrap_or_default()
    }

    /// The scenarios that exercised a part of a pack; what decides nothing by itself is part of them all.
    pub(crate) fn exercised_by(&self, pack: &str, part: &Rule) -> BTreeSet<String> {
        if !part.is_rule() {
            return self.played(pack);
        }
        let fired = self.covered.get(pack).and_then(|covered| covered.fired.get(&part.path.join("/")));
        fired.cloned().unwrap_or_default()
    }

    /// For each pack: how many of its rules were exercised, and every one that was not, as `pack:line part[n] clause`.
    pub fn coverage(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for (pack, Covered { rules, fired, .. }) in &self.covered {
            let missing: Vec<&Rule> = rules.iter().filter(|rule| !fired.contains_key(&rule.path.join("/"))).collect();
            let (all, done) = (rules.len(), rules.len() - missing.len());
            lines.push(format!("{pack}: 已验证 {done}/{all} 条规则 / {done} of {all} rules exercised"));
            lines.extend(missing.into_iter().map(|rule| format!("  {pack}:{} {rule}", rule.line)));
        }
        lines
    }
}

/// What is wrong with the scenario in a file, without running it.
pub fn mistakes(file: &Path) -> Vec<PackError> {
    read::file(file).err().unwrap_or_default()
}

async fn one(ground: &Ground, file: &Path) -> (Ended, Option<Script>, Evidence) {
    let mut ended = Ended {
        file: file.to_owned(),
        title: String::new(),
        failure: None,
        started: Duration::ZERO,
        played: Duration::ZERO,
    };
    let script = match read::file(file) {
        Ok(script) => script,
        Err(errors) => {
            let lines: Vec<String> = errors.iter().map(|error| format!("  {error}")).collect();
            ended.failure = Some(lines.join("\n"));
            return (ended, None, Evidence::default());
        }
    };
    ended.title.clone_from(&script.title);
    let begun = Instant::now();
    let world = match ground.world(&script.setting, script.at).await {
        Ok(world) => world,
        Err(error) => {
            ended.failure = Some(format!("  the world does not start: {error:#}"));
            return (ended, Some(script), Evidence::default());
        }
    };
    let place = world.place.clone();
    ended.started = begun.elapsed();
    let begun = Instant::now();
    let evidence = match Play::new(&script, world).await {
        Ok(mut play) => {
            ended.failure = through(&mut play).await.err();
            ended.played = begun.elapsed();
            let Play { world, evidence, .. } = play;
            if let Err(error) = world.stop().await {
                ended.failure.get_or_insert(format!("  a service failed: {error:#}"));
            }
            evidence
        }
        Err(error) => {
            ended.failure = Some(format!("  {error:#}"));
            Evidence::default()
        }
    };
    if let Err(error) = ground.forget(place).await {
        ended.failure.get_or_insert(format!("  the world cannot be taken away: {error:#}"));
    }
    (ended, Some(script), evidence)
}

/// Plays all steps; what failed is told with the step and the timeline around it.
async fn through(play: &mut Play<'_>) -> std::result::Result<(), String> {
    let broken = |error: anyhow::Error| format!("  {error:#}");
    rest::settle(&play.world).await.map_err(broken)?;
    let script = play.script;
    for (place, step) in script.steps.iter().enumerate() {
        let failure = match play.step(step).await {
            Ok(()) => continue,
            Err(Stop::Unexpected(failure)) => failure,
            Err(Stop::Broken(error)) => Failure::new(step.line, "the machine works", format!("{error:#}")),
        };
        return Err(spelled(play, place, step, &failure).await);
    }
    // Taken in before the world goes.
    let Play { evidence, world, .. } = play;
    evidence.read(world).await.map_err(broken)
}

async fn spelled(play: &Play<'_>, place: usize, step: &super::script::Step, failure: &Failure) -> String {
    let file = play.script.file.display();
    let mut text = format!(
        "  {file}:{}: 第 {n} 步 / step {n} ({}), {}\n    期望 / expected: {}\n    实际 / happened: {}",
        failure.line,
        step.case,
        play.local(play.world.now()),
        failure.expected,
        failure.happened,
        n = place + 1,
    );
    let case = play.cases.get(&step.case).map(|case| case.id.clone()).unwrap_or_default();
    if let Ok(seen) = Seen::of(&play.world, &case).await
        && !seen.entries.is_empty()
    {
        let last = seen.entries.iter().skip(seen.entries.len().saturating_sub(AROUND));
        text.push_str("\n    经过 / timeline:");
        for entry in last {
            // Writing to a string cannot fail.
            let _ = write!(text, "\n      {}", check::told_of(play, entry));
        }
    }
    text
}
