//! A child process that cannot outlive us: a small shell stands between, holds the other end of a pipe, and ends the
//! child when the pipe closes, be it on purpose or because we were killed.

use anyhow::{Context as _, Result};
use nix::{
    sys::signal::{Signal, killpg},
    unistd::Pid,
};
use std::{fs::File, path::Path, process::Stdio, time::Duration};
use tokio::process::{Child, Command};

// The first word is the signal, the rest the command. `cat` ends when we do, for the pipe is its input.
const SCRIPT: &str = r#"
signal=$1; shift
exec 3<&0
"$@" </dev/null 3<&- &
child=$!
{ cat <&3 >/dev/null; kill -"$signal" "$child" 2>/dev/null; } &
exec 3<&-
wait "$child"
"#;

const PATIENCE: Duration = Duration::from_secs(20);

/// Whom to run as, where that is not ourselves.
#[derive(Clone, Copy, Debug)]
pub(super) struct As {
    pub(super) uid: u32,
    pub(super) gid: u32,
}

/// A server under guard.
#[derive(Debug)]
pub(super) struct Guarded {
    name: &'static str,
    child: Child,
}

impl Guarded {
    /// Runs `program` with `arguments`, its output in the file `log`; `signal` (as in `INT`) asks it to end.
    pub(super) fn start(
        name: &'static str,
        signal: &str,
        program: &Path,
        arguments: &[String],
        run_as: Option<As>,
        log: &Path,
    ) -> Result<Self> {
        let output =
            File::options().create(true).append(true).open(log).with_context(|| format!("{}", log.display()))?;
        let mut command = Command::new("/bin/sh");
        command.arg("-c").arg(SCRIPT).arg("sh").arg(signal).arg(program).args(arguments);
        command.stdin(Stdio::piped()).stdout(output.try_clone()?).stderr(output);
        // A group of its own: Ctrl-C in the terminal is for us alone, and we stop things in order.
        command.process_group(0).current_dir("/");
        if let Some(run_as) = run_as {
            command.uid(run_as.uid).gid(run_as.gid);
        }
        let child = command.spawn().with_context(|| format!("{name} cannot be started"))?;
        Ok(Self { name, child })
    }

    /// The process of the guard, or 0 if it has ended.
    pub(super) fn pid(&self) -> u32 {
        self.child.id().unwrap_or(0)
    }

    /// Whether it has ended already.
    pub(super) fn has_ended(&mut self) -> bool {
        !matches!(self.child.try_wait(), Ok(None))
    }

    /// Asks it to end and waits; ends it by force when it takes too long.
    pub(super) async fn stop(mut self) {
        drop(self.child.stdin.take());
        if tokio::time::timeout(PATIENCE, self.child.wait()).await.is_ok() {
            return;
        }
        tracing::warn!(server = self.name, "it did not stop in time and is ended by force");
        let group = self.child.id().and_then(|id| i32::try_from(id).ok()).map(Pid::from_raw);
        if let Some(group) = group {
            let _ = killpg(group, Signal::SIGKILL);
        }
        let _ = self.child.wait().await;
    }
}

/// A port of the loopback that is free at this moment.
pub(super) fn free_port() -> Result<u16> {
    Ok(std::net::TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}
