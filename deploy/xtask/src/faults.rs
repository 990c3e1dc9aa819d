//! The long run of the fault tests: the same code as in the suite, with bigger numbers.

use anyhow::{Context as _, Result, bail};
use std::{
    io::{BufRead as _, BufReader},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

/// What is to be done to the system.
#[derive(Clone, Copy, Debug, clap::Args)]
pub(crate) struct Faults {
    /// How many processes are killed
    #[arg(long, default_value_t = 5000)]
    kills: u64,
    /// How often the whole store of the broker is lost
    #[arg(long, default_value_t = 50)]
    stores: u64,
    /// How many seconds each cut of the network lasts
    #[arg(long, default_value_t = 30)]
    cuts: u64,
    /// The seed of a run that is to be played again; without it, one is drawn
    #[arg(long)]
    seed: Option<u64>,
}

/// What a test last said of its progress.
#[derive(Debug, Default)]
struct Progress {
    /// Kills, or stores lost.
    done: u64,
    acknowledged: u64,
    lost: u64,
    doubled: u64,
}

impl Faults {
    /// Runs the long tests one after the other.
    ///
    /// # Errors
    /// One failed.
    pub(crate) fn run(self) -> Result<()> {
        super::cargo(&["build", "--package", "system-tests", "--tests", "--package", "jiesu"])?;
        let started = Instant::now();
        let kills = self.test("kills::")?;
        let stores = self.test("stores::the_whole_store")?;
        self.test("cuts::")?;
        eprintln!(
            "kills {}, stores lost {}, hand-ins acknowledged {}, lost {}, doubled {}, in {}",
            kills.done,
            stores.done,
            kills.acknowledged + stores.acknowledged,
            kills.lost + stores.lost,
            kills.doubled + stores.doubled,
            clock(started.elapsed())
        );
        Ok(())
    }

    fn test(self, name: &str) -> Result<Progress> {
        let started = Instant::now();
        let mut command = Command::new("cargo");
        // The same packages as above, or features would differ and everything be built again.
        command.args(["test", "--quiet", "--package", "system-tests", "--package", "jiesu", "--test", "faults"]);
        command.args(["--", "--nocapture", name]);
        command.env("JIESU_FAULT_KILLS", self.kills.to_string());
        command.env("JIESU_FAULT_STORES", self.stores.to_string());
        command.env("JIESU_FAULT_CUT_SECONDS", self.cuts.to_string());
        if let Some(seed) = self.seed {
            command.env("JIESU_FAULT_SEED", seed.to_string());
        }
        let mut child = command.stdout(Stdio::piped()).spawn().context("cargo does not start")?;
        let output = child.stdout.take().context("the test has no output")?;
        let mut progress = Progress::default();
        for line in BufReader::new(output).lines() {
            let line = line?;
            if let Some(text) = line.strip_prefix("PROGRESS ") {
                progress = Progress::read(text);
            }
            eprintln!("{} {line}", clock(started.elapsed()));
        }
        if !child.wait()?.success() {
            bail!("{name} failed after {}", clock(started.elapsed()));
        }
        Ok(progress)
    }
}

impl Progress {
    /// Reads `kills 200 of 5000, acknowledged 180, lost 0, doubled 0`.
    fn read(text: &str) -> Self {
        let mut progress = Self::default();
        for part in text.split(", ") {
            let mut words = part.split(' ');
            let name = words.next().unwrap_or_default();
            let number = words.next().and_then(|word| word.parse().ok()).unwrap_or(0);
            match name {
                "acknowledged" => progress.acknowledged = number,
                "lost" => progress.lost = number,
                "doubled" => progress.doubled = number,
                _ => progress.done = number,
            }
        }
        progress
    }
}

fn clock(time: Duration) -> String {
    let seconds = time.as_secs();
    format!("{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_is_read_as_the_tests_say_it() {
        let progress = Progress::read("kills 200 of 5000, acknowledged 180, lost 1, doubled 2");
        assert_eq!((progress.done, progress.acknowledged, progress.lost, progress.doubled), (200, 180, 1, 2));
    }
}
