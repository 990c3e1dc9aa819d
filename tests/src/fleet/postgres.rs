//! A Postgres of the test's own, which can be killed with all its processes and come back on the same port and data.

use super::process::{Process, Spec, send};
use jiesu::desk::until;
use kit_config::{EnvSource, Source as _};
use kit_core::Problem;
use nix::{
    sys::signal::Signal,
    unistd::{User, geteuid},
};
use sqlx::{Connection as _, PgConnection, postgres::PgConnectOptions};
use std::{
    fs,
    os::unix::fs::chown,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

const ADMIN: &str = "jiesu_admin";
const PATIENCE: Duration = Duration::from_mins(1);

/// The server.
pub struct Postgres {
    pub process: Process,
    pub port: u16,
}

impl Postgres {
    /// Makes a cluster in `folder` and serves it.
    pub async fn start(folder: &Path, port: u16) -> Self {
        fs::create_dir_all(folder).unwrap();
        let (data, programs, run_as) = (folder.join("data"), programs(), other_user());
        if let Some((user, group)) = run_as {
            chown(folder, Some(user), Some(group)).unwrap();
        }
        let mut make = Command::new(programs.join("initdb"));
        make.arg("-D").arg(&data).args(["-U", ADMIN, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]);
        if let Some((user, group)) = run_as {
            std::os::unix::process::CommandExt::uid(&mut make, user);
            std::os::unix::process::CommandExt::gid(&mut make, group);
        }
        let output = make.current_dir("/").output().unwrap();
        assert!(output.status.success(), "initdb: {}", String::from_utf8_lossy(&output.stderr));
        // A service in a network of its own, or one that must be told from its replica, comes by another address.
        let mut doors = fs::OpenOptions::new().append(true).open(data.join("pg_hba.conf")).unwrap();
        std::io::Write::write_all(&mut doors, b"host all all 10.0.0.0/8 trust\nhost all all 127.0.0.0/8 trust\n")
            .unwrap();
        let process = Process::start(Spec {
            name: "postgres".to_owned(),
            program: programs.join("postgres"),
            arguments: arguments(&data, port),
            log: folder.join("server.log"),
            run_as,
            environment: Box::new(Vec::new),
        });
        let server = Self { process, port };
        server.answers().await;
        server
    }

    /// Its administrator's address.
    pub fn options(&self) -> PgConnectOptions {
        format!("postgres://{ADMIN}@127.0.0.1:{}/postgres", self.port).parse().unwrap()
    }

    /// Waits until it takes connections.
    pub async fn answers(&self) {
        until("Postgres", PATIENCE, async || {
            let connected = PgConnection::connect_with(&self.options()).await;
            let connected = connected.map_err(|error| Problem::conflict("not-yet", "", error.to_string()))?;
            let _ = connected.close().await;
            Ok(Some(()))
        })
        .await
        .unwrap();
    }

    /// Kills the postmaster, and its children too if `all`; otherwise they notice and end by themselves.
    pub fn kill(&self, all: bool) -> bool {
        let Some(postmaster) = self.process.pid() else { return false };
        let children = if all { children(postmaster) } else { Vec::new() };
        let is_killed = self.process.kill();
        for child in children {
            send(child, Signal::SIGKILL);
        }
        is_killed
    }

    /// Kills one connection's process: the postmaster then ends all others and recovers.
    pub fn kill_backend(&self, place: usize) -> bool {
        let Some(postmaster) = self.process.pid() else { return false };
        let children = children(postmaster);
        children.get(place % children.len().max(1)).is_some_and(|child| send(*child, Signal::SIGKILL))
    }
}

fn arguments(data: &Path, port: u16) -> Vec<String> {
    let settings = [
        format!("port={port}"),
        "listen_addresses=*".to_owned(),
        "unix_socket_directories=".to_owned(),
        "max_connections=200".to_owned(),
        "shared_buffers=32MB".to_owned(),
        // A commit that was answered survives a kill in the kernel's memory; only a power cut would need the disk, and
        // waiting for it would hide races behind slowness.
        "fsync=off".to_owned(),
        "log_error_verbosity=terse".to_owned(),
        "log_min_error_statement=panic".to_owned(),
    ];
    let data = ["-D".to_owned(), data.display().to_string()];
    data.into_iter().chain(settings.into_iter().flat_map(|setting| ["-c".to_owned(), setting])).collect()
}

/// As root, Postgres refuses to run.
fn other_user() -> Option<(u32, u32)> {
    if !geteuid().is_root() {
        return None;
    }
    let user = User::from_name("postgres").unwrap().or(User::from_name("nobody").unwrap()).unwrap();
    Some((user.uid.as_raw(), user.gid.as_raw()))
}

fn programs() -> PathBuf {
    if let Some(folder) = EnvSource.get("JIESU_POSTGRES_BIN") {
        return folder.into();
    }
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut found: Vec<PathBuf> = versions.map(|version| version.path().join("bin")).collect();
    found.retain(|folder| folder.join("initdb").is_file());
    found.sort();
    found.pop().expect("there is no Postgres: run deploy/local/test, or set JIESU_POSTGRES_BIN")
}

fn children(parent: u32) -> Vec<u32> {
    let processes = fs::read_dir("/proc").unwrap().flatten();
    let numbers = processes.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    let mut found: Vec<u32> = numbers.filter(|pid| parent_of(*pid) == Some(parent)).collect();
    found.sort_unstable();
    found
}

fn parent_of(pid: u32) -> Option<u32> {
    // `1234 (the name) S 1 …`
    let text = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    text.rsplit(')').next()?.split_whitespace().nth(1)?.parse().ok()
}
