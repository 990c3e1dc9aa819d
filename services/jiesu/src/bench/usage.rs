//! What a process used, from `/proc`: processor seconds and proportional memory.

use crate::private::Servers;
use std::{fs, path::Path, time::Instant};

/// Clock ticks a second that the kernel counts processor time in, on every Linux that Rust runs on.
const TICKS: f64 = 100.0;

/// Processor seconds of a process so far, its waited-for children included.
pub fn cpu_seconds(pid: u32) -> f64 {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    // The name in parentheses may hold spaces, so count from its end.
    let after = stat.rsplit(')').next().unwrap_or_default();
    let ticks: u32 = after.split_whitespace().skip(11).take(4).filter_map(|field| field.parse::<u32>().ok()).sum();
    f64::from(ticks) / TICKS
}

/// Processor seconds so far of a process and everything it started.
pub fn family_cpu_seconds(pid: u32) -> f64 {
    family(pid).into_iter().map(cpu_seconds).sum()
}

/// Megabytes of a process and everything it started.
pub fn family_memory_mb(pid: u32) -> f64 {
    family(pid).into_iter().map(memory_mb).sum()
}

/// Proportional set size of a process in megabytes: what it would free if it ended.
pub fn memory_mb(pid: u32) -> f64 {
    let rollup = fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).unwrap_or_default();
    let line = rollup.lines().find(|line| line.starts_with("Pss:")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|kilobytes| kilobytes.parse::<f64>().ok()).unwrap_or(0.0) / 1024.0
}

/// A process and everything it started, such as Postgres with its workers.
pub fn family(pid: u32) -> Vec<u32> {
    let mut found = vec![pid];
    let mut next = 0;
    while let Some(parent) = found.get(next).copied() {
        found.extend(children(parent));
        next += 1;
    }
    found
}

fn children(pid: u32) -> Vec<u32> {
    let tasks = fs::read_dir(Path::new("/proc").join(pid.to_string()).join("task"));
    let lists = tasks.into_iter().flatten().flatten().map(|task| fs::read_to_string(task.path().join("children")));
    lists
        .flatten()
        .flat_map(|list| list.split_whitespace().filter_map(|p| p.parse().ok()).collect::<Vec<_>>())
        .collect()
}

/// Processor seconds up to an instant.
#[derive(Clone, Copy, Debug)]
pub struct Used {
    pub at: Instant,
    pub program: f64,
    pub postgres: f64,
    pub nats: f64,
}

/// Processor seconds between two instants.
#[derive(Clone, Copy, Debug, Default)]
pub struct Spent {
    pub seconds: f64,
    pub program: f64,
    pub postgres: f64,
    pub nats: f64,
}

impl Used {
    /// Up to now, by the process that is measured and by the servers.
    pub fn now(program: u32, servers: &Servers) -> Self {
        let (postgres, nats) = servers.guards();
        Self {
            at: Instant::now(),
            program: cpu_seconds(program),
            postgres: family_cpu_seconds(postgres),
            nats: family_cpu_seconds(nats),
        }
    }

    /// What was used from `before` until then.
    pub fn since(self, before: Self) -> Spent {
        Spent {
            seconds: (self.at - before.at).as_secs_f64(),
            program: self.program - before.program,
            postgres: self.postgres - before.postgres,
            nats: self.nats - before.nats,
        }
    }
}

impl Spent {
    /// Adds what was used in another while.
    pub fn add(&mut self, other: Self) {
        self.seconds += other.seconds;
        self.program += other.program;
        self.postgres += other.postgres;
        self.nats += other.nats;
    }

    /// Of all three.
    pub fn all(self) -> f64 {
        self.program + self.postgres + self.nats
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn this_process_has_used_memory_and_is_its_own_family() {
        let me = std::process::id();
        assert!(super::memory_mb(me) > 1.0);
        assert!(super::cpu_seconds(me) >= 0.0);
        assert_eq!(super::family(me).first(), Some(&me));
    }
}
