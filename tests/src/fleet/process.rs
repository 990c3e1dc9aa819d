//! One real process, watched: whenever it dies, for whatever reason, it is started again, until it is told to stay down.

use jiesu::desk::until;
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use std::{
    collections::BTreeMap,
    fs::File,
    os::unix::process::ExitStatusExt as _,
    path::PathBuf,
    process::Stdio,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::{
    process::{Child, Command},
    sync::watch,
    task::JoinHandle,
};

/// Where a service of a build for these tests kills itself: the name of a point, and the how many-th passage.
pub(super) const CRASH_POINT: &str = "JIESU_CRASH_POINT";
const PATIENCE: Duration = Duration::from_mins(1);

/// What is started, and started again.
pub struct Spec {
    pub name: String,
    pub program: PathBuf,
    pub arguments: Vec<String>,
    pub log: PathBuf,
    /// Whom to run as, where that is not ourselves.
    pub run_as: Option<(u32, u32)>,
    /// Settings that may differ from one start to the next, such as where to die.
    pub environment: Box<dyn Fn() -> Vec<(String, String)> + Send + Sync>,
}

/// The process, and who watches it.
pub struct Process {
    shared: Arc<Shared>,
    is_wanted: watch::Sender<bool>,
    watcher: JoinHandle<()>,
}

struct Shared {
    spec: Spec,
    /// 0 while it does not run.
    pid: AtomicU32,
    /// Whether it is down because it is to be.
    is_resting: AtomicBool,
    starts: AtomicUsize,
    /// The signal that each of its lives ended by, if it was one.
    ends: Mutex<Vec<Option<i32>>>,
    /// Whether its present life was ended by us.
    is_struck: AtomicBool,
    /// Which of the names it was given at its starts it died by, killed by nobody but itself.
    own_deaths: Mutex<BTreeMap<String, usize>>,
}

impl Process {
    /// Starts it, and keeps it running.
    pub fn start(spec: Spec) -> Self {
        let shared = Arc::new(Shared {
            spec,
            pid: AtomicU32::new(0),
            is_resting: AtomicBool::new(false),
            starts: AtomicUsize::new(0),
            ends: Mutex::default(),
            is_struck: AtomicBool::new(false),
            own_deaths: Mutex::default(),
        });
        let (is_wanted, wanted) = watch::channel(true);
        let watcher = tokio::spawn(watch_over(Arc::clone(&shared), wanted));
        Self { shared, is_wanted, watcher }
    }

    pub fn name(&self) -> &str {
        &self.shared.spec.name
    }

    /// Its process id, while it runs.
    pub fn pid(&self) -> Option<u32> {
        Some(self.shared.pid.load(Ordering::SeqCst)).filter(|pid| *pid != 0)
    }

    /// How many lives ended by SIGKILL, ours or its own.
    pub fn kills(&self) -> usize {
        self.shared.ends.lock().unwrap().iter().filter(|signal| **signal == Some(Signal::SIGKILL as i32)).count()
    }

    /// How many lives ended otherwise: by giving up, or by another signal.
    pub fn other_ends(&self) -> usize {
        let kills = self.kills();
        self.shared.ends.lock().unwrap().len() - kills
    }

    /// At which crash points it died by itself, and how often.
    pub fn own_deaths(&self) -> BTreeMap<String, usize> {
        self.shared.own_deaths.lock().unwrap().clone()
    }

    /// How often it was started.
    pub fn starts(&self) -> usize {
        self.shared.starts.load(Ordering::SeqCst)
    }

    /// Sends a signal, unless it is down at this moment.
    pub fn signal(&self, signal: Signal) -> bool {
        if signal == Signal::SIGKILL {
            self.shared.is_struck.store(true, Ordering::SeqCst);
        }
        self.pid().is_some_and(|pid| send(pid, signal))
    }

    /// Kills it where it stands; the watcher starts it again. False if it was down at this moment.
    pub fn kill(&self) -> bool {
        self.signal(Signal::SIGKILL)
    }

    /// Kills it, and keeps it down until [`Process::release`].
    pub async fn hold(&self) {
        self.stop(Signal::SIGKILL).await;
    }

    /// Ends it with a signal, and keeps it down.
    pub async fn stop(&self, signal: Signal) {
        self.is_wanted.send_replace(false);
        until(&format!("the end of {}", self.name()), PATIENCE, async || {
            self.signal(signal);
            Ok(self.shared.is_resting.load(Ordering::SeqCst).then_some(()))
        })
        .await
        .unwrap();
    }

    /// Starts it again.
    pub fn release(&self) {
        self.is_wanted.send_replace(true);
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.watcher.abort();
    }
}

/// Sends a signal to a process of ours.
pub fn send(pid: u32, signal: Signal) -> bool {
    i32::try_from(pid).is_ok_and(|pid| kill(Pid::from_raw(pid), signal).is_ok())
}

async fn watch_over(shared: Arc<Shared>, mut wanted: watch::Receiver<bool>) {
    loop {
        shared.is_resting.store(!*wanted.borrow(), Ordering::SeqCst);
        if wanted.wait_for(|is_wanted| *is_wanted).await.is_err() {
            return;
        }
        shared.is_resting.store(false, Ordering::SeqCst);
        // Whoever withdrew the wish before they could see that we no longer rest must find it kept.
        if !*wanted.borrow() {
            continue;
        }
        let started = Instant::now();
        let environment = (shared.spec.environment)();
        let point = environment.iter().find(|(key, _)| key == CRASH_POINT).map(|(_, point)| point.clone());
        match shared.spawn(environment) {
            Ok(mut child) => {
                shared.is_struck.store(false, Ordering::SeqCst);
                shared.starts.fetch_add(1, Ordering::SeqCst);
                shared.pid.store(child.id().unwrap_or(0), Ordering::SeqCst);
                let status = child.wait().await;
                shared.pid.store(0, Ordering::SeqCst);
                let signal = status.ok().and_then(|status| status.signal());
                let is_own = signal == Some(Signal::SIGKILL as i32) && !shared.is_struck.load(Ordering::SeqCst);
                if let Some((name, _)) = point.as_deref().and_then(|point| point.split_once(':')).filter(|_| is_own) {
                    *shared.own_deaths.lock().unwrap().entry(name.to_owned()).or_default() += 1;
                }
                shared.ends.lock().unwrap().push(signal);
            }
            Err(error) => eprintln!("{} does not start: {error}", shared.spec.name),
        }
        // One that cannot start at all, say because its port is taken, is not started a thousand times a second.
        let least = Duration::from_millis(if started.elapsed() < Duration::from_secs(1) { 300 } else { 50 });
        super::pause(least).await;
    }
}

impl Shared {
    fn spawn(&self, environment: Vec<(String, String)>) -> std::io::Result<Child> {
        let log = File::options().create(true).append(true).open(&self.spec.log)?;
        let mut command = Command::new(&self.spec.program);
        command.args(&self.spec.arguments).envs(environment).current_dir("/");
        command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log).kill_on_drop(true);
        if let Some((user, group)) = self.spec.run_as {
            command.uid(user).gid(group);
        }
        command.spawn()
    }
}
