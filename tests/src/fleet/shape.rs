//! What is particular to one fault test's installation: what stands between the services and NATS, where services die by
//! themselves, and which of them live in a network of their own.

use super::{Nats, Spec, log_of, process::CRASH_POINT, program};
use crate::wire::Wire;
use jiesu::bench::fleet::Settings;
use rand::{Rng as _, SeedableRng as _, rngs::StdRng, seq::IndexedRandom as _};
use std::{
    hash::{DefaultHasher, Hash as _, Hasher as _},
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
};

/// The points at which a service can be told to die.
const CRASH_POINTS: &[&str] = &[
    "append.before",
    "append.after",
    "append.committed",
    "relay.read",
    "relay.published",
    "relay.acked",
    "follow.received",
    "follow.moved",
    "follow.handled",
    "follow.appended",
    "follow.committed",
    "repair.asked",
    "repair.answered",
];

/// How the installation differs from the plain one.
#[derive(Clone, Default)]
pub struct Shape {
    crashes: Option<Crashes>,
    wire: Option<Arc<Wire>>,
    wrap: Option<Wrap>,
    /// Megabytes.
    store_disk: Option<u32>,
}

#[derive(Clone)]
struct Crashes {
    seed: u64,
    is_over: Arc<AtomicBool>,
}

/// One service in a network of its own.
#[derive(Clone)]
pub struct Wrap {
    pub service: String,
    /// What stands before the program, such as `ip netns exec one`.
    pub before: Vec<String>,
    /// Where that service finds NATS, Postgres, and the other services.
    pub nats: String,
    pub postgres: String,
    pub others: String,
    /// Where the others, and the test, find it.
    pub host: String,
}

impl Wrap {
    /// What stands in its settings instead of 127.0.0.1.
    fn address(&self, key: &str) -> &str {
        match key {
            "JIESU_NATS_URL" => &self.nats,
            key if key.ends_with("DATABASE_URL") => &self.postgres,
            _ => &self.others,
        }
    }
}

impl Shape {
    /// Every start of a service draws whether it dies by itself, at which point, and the how many-th time it passes it.
    #[must_use]
    pub fn crashing(mut self, seed: u64) -> Self {
        self.crashes = Some(Crashes { seed, is_over: Arc::default() });
        self
    }

    /// The services reach NATS through `wire`.
    #[must_use]
    pub fn behind(mut self, wire: &Arc<Wire>) -> Self {
        self.wire = Some(Arc::clone(wire));
        self
    }

    /// NATS keeps its store on a disk of so many megabytes.
    #[must_use]
    pub fn on_disk(mut self, megabytes: u32) -> Self {
        self.store_disk = Some(megabytes);
        self
    }

    pub(super) fn store_disk(&self) -> Option<u32> {
        self.store_disk
    }

    /// One service lives elsewhere.
    #[must_use]
    pub fn wrapped(mut self, wrap: Wrap) -> Self {
        self.wrap = Some(wrap);
        self
    }

    pub(super) async fn nats_url(&self, nats: &Nats) -> String {
        let Some(wire) = &self.wire else { return nats.url() };
        format!("nats://127.0.0.1:{}", wire.listen(nats.port).await)
    }

    /// Whether services die by themselves from now on; answers whether that is another thing than before.
    pub(super) fn set_sick(&self, is_sick: bool) -> bool {
        self.crashes.as_ref().is_some_and(|crashes| crashes.is_over.swap(!is_sick, Ordering::SeqCst) == is_sick)
    }

    pub(super) fn spec(&self, service: &str, settings: &Settings, folder: &Path) -> Spec {
        let (mut program, mut arguments) = (program(), vec!["serve".to_owned(), service.to_owned()]);
        let mut settings = self.reached(settings);
        if let Some(wrap) = self.wrap.as_ref().filter(|wrap| wrap.service == service) {
            arguments.insert(0, program.display().to_string());
            arguments.splice(0..0, wrap.before.iter().skip(1).cloned());
            program = wrap.before.first().unwrap().into();
            for (key, value) in settings.iter_mut().filter(|(key, _)| !key.ends_with("LISTEN")) {
                *value = value.replace("127.0.0.1", wrap.address(key));
            }
        }
        let crashes = self.crashes.clone().map(|crashes| (Mutex::new(crashes.dice(service)), crashes.is_over));
        let fixed: Vec<(String, String)> = settings.into_iter().collect();
        let environment = move || {
            let mut all = fixed.clone();
            if let Some((dice, is_over)) = &crashes {
                let point = draw(&mut dice.lock().unwrap());
                all.extend(point.filter(|_| !is_over.load(Ordering::SeqCst)));
            }
            all
        };
        let (name, log) = (service.to_owned(), log_of(folder, service));
        Spec { name, program, arguments, log, run_as: None, environment: Box::new(environment) }
    }

    /// The settings by which the test, and the other services, find each service.
    pub(super) fn reached(&self, settings: &Settings) -> Settings {
        let mut settings = settings.clone();
        if let Some(wrap) = &self.wrap {
            let key = kit_config::service_key(&wrap.service, "URL");
            for (name, value) in &mut settings {
                if *name == key {
                    *value = value.replace("127.0.0.1", &wrap.host);
                } else if name.ends_with("LISTEN") {
                    *value = value.replace("127.0.0.1", "0.0.0.0");
                }
            }
        }
        settings
    }
}

impl Crashes {
    /// Each service draws for itself, so that its fate does not depend on how often others were started.
    fn dice(&self, service: &str) -> StdRng {
        let mut hasher = DefaultHasher::new();
        (self.seed, service).hash(&mut hasher);
        StdRng::seed_from_u64(hasher.finish())
    }
}

fn draw(dice: &mut StdRng) -> Option<(String, String)> {
    let point = CRASH_POINTS.choose(dice)?;
    let nth = dice.random_range(1..=12);
    dice.random_bool(0.8).then(|| (CRASH_POINT.to_owned(), format!("{point}:{nth}")))
}
