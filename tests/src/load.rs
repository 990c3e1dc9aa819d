//! Load for fault tests: residents who hand matters in and people who carry them onward, by a script that is the same
//! whatever happens. Whoever gets no answer asks again under the same request id; what was answered is written down.

mod hand_in;
mod life;

pub use life::{DOORS, KINDS, Kind};

use crate::fleet::Fleet;
use jiesu::{client::Client, desk::Person};
use kit_core::Problem;
use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::task::JoinSet;

/// How long anyone asks again before it is a finding that the system does not come back.
const PATIENCE: Duration = Duration::from_mins(3);

/// Who only hands in does so this often.
const DOOR_PACE: Duration = Duration::from_millis(250);

/// Until when someone goes on asking.
struct Patience(Instant);

/// What became of one hand-in.
#[derive(Clone, Debug)]
pub struct Handed {
    pub kind: Kind,
    pub request_id: String,
    /// What the resident was answered; none if they gave up first.
    pub receipt: Option<Receipt>,
    /// Whether every step of its script was answered.
    pub is_done: bool,
}

/// The answer to a hand-in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    pub number: String,
    pub code: String,
}

/// Everything that was handed in, and what went wrong with the script itself.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    pub handed: Vec<Handed>,
    /// What nobody may ever be answered, or did not get in all the time there was, by request id.
    pub troubles: Vec<(String, String)>,
    /// How often something had to be asked again, by what was answered.
    pub again: BTreeMap<String, usize>,
}

impl Tally {
    /// How many hand-ins were acknowledged.
    pub fn acknowledged(&self) -> usize {
        self.handed.iter().filter(|one| one.receipt.is_some()).count()
    }

    /// How many nobody knows the fate of.
    pub fn unknown(&self) -> usize {
        self.handed.len() - self.acknowledged()
    }

    /// One tally of several.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.handed.extend(other.handed);
        self.troubles.extend(other.troubles);
        for (what, count) in other.again {
            *self.again.entry(what).or_default() += count;
        }
        self
    }
}

/// The people of the first branch, and how they reach the house.
#[derive(Clone)]
pub struct Crew {
    client: Client,
    http: String,
    web: reqwest::Client,
    reception: Person,
    head: Person,
    general: Person,
    all: Vec<Person>,
    patience: Duration,
    book: Arc<Mutex<Tally>>,
}

/// A load that runs until it is told to finish.
pub struct Load {
    crew: Crew,
    is_over: Arc<AtomicBool>,
    workers: JoinSet<()>,
}

impl Crew {
    /// Signs everybody in.
    pub async fn of(fleet: &Fleet) -> Self {
        let mut all = Vec::new();
        for login in ["b01.reception", "b01.head", "b01.general", "b01.patrol", "r1.manager", "r1.gm"] {
            all.push(fleet.person(login).await);
        }
        let web = reqwest::Client::builder().timeout(Duration::from_secs(8)).build().unwrap();
        let [reception, head, general] = [0, 1, 2].map(|place: usize| all[place].clone());
        let (client, http) = (fleet.client.clone(), fleet.http.clone());
        let (patience, book) = (PATIENCE, Arc::default());
        Self { client, http, web, reception, head, general, all, patience, book }
    }

    /// The same people, who give up sooner, and write into the same book.
    #[must_use]
    pub fn impatient(&self, patience: Duration) -> Self {
        Self { patience, ..self.clone() }
    }

    /// Everybody, the receptionist first.
    pub fn people(&self) -> &[Person] {
        &self.all
    }

    fn patience(&self) -> Patience {
        Patience(Instant::now() + self.patience)
    }

    /// Plays `count` lives, as many at a time as `workers`, to their ends.
    pub async fn play(&self, run: &str, count: usize, workers: usize) -> Tally {
        let next = Arc::new(AtomicUsize::new(0));
        let mut playing = self
            .workers(run, workers, move || Some(next.fetch_add(1, Ordering::SeqCst)).filter(|place| *place < count));
        while let Some(done) = playing.join_next().await {
            done.unwrap();
        }
        self.tally()
    }

    /// Plays lives until [`Load::finish`]. Beside them someone only hands in, all the time: while the cases that were
    /// begun cannot go on, new ones still come.
    pub fn start(&self, run: &str, workers: usize) -> Load {
        let (next, is_over) = (AtomicUsize::new(0), Arc::new(AtomicBool::new(false)));
        let over = Arc::clone(&is_over);
        let more = move || (!over.load(Ordering::SeqCst)).then(|| next.fetch_add(1, Ordering::SeqCst));
        let mut workers = self.workers(run, workers, more);
        let (crew, run, over) = (self.clone(), run.to_owned(), Arc::clone(&is_over));
        workers.spawn(async move {
            for (place, kind) in DOORS.iter().cycle().enumerate() {
                if over.load(Ordering::SeqCst) {
                    return;
                }
                crew.live(&format!("{run}-door-{place}"), *kind).await;
                crate::fleet::pause(DOOR_PACE).await;
            }
        });
        Load { crew: self.clone(), is_over, workers }
    }

    fn workers(
        &self,
        run: &str,
        count: usize,
        next: impl Fn() -> Option<usize> + Send + Sync + 'static,
    ) -> JoinSet<()> {
        let (next, mut workers) = (Arc::new(next), JoinSet::new());
        for _ in 0..count {
            let (crew, run, next) = (self.clone(), run.to_owned(), Arc::clone(&next));
            workers.spawn(async move {
                while let Some(place) = next() {
                    crew.live(&format!("{run}-{place}"), KINDS[place % KINDS.len()]).await;
                }
            });
        }
        workers
    }

    /// What has been written down so far, which is then forgotten here.
    pub fn tally(&self) -> Tally {
        std::mem::take(&mut *self.book.lock().unwrap())
    }

    /// Notes what was answered, and breathes before the next try, as a person would.
    async fn again(&self, what: &str, answer: &Problem) {
        let answer = format!("{what}: {}", answer.code);
        *self.book.lock().unwrap().again.entry(answer).or_default() += 1;
        crate::fleet::pause(Duration::from_millis(150)).await;
    }

    fn note_trouble(&self, request_id: &str, trouble: &Problem) {
        self.book.lock().unwrap().troubles.push((request_id.to_owned(), trouble.to_string()));
    }
}

impl Patience {
    fn is_at_its_end(&self) -> bool {
        Instant::now() > self.0
    }
}

impl Load {
    /// How many hand-ins were acknowledged so far.
    pub fn acknowledged(&self) -> usize {
        self.crew.book.lock().unwrap().acknowledged()
    }

    /// Lets everyone end what they have begun; answers what was handed in.
    pub async fn finish(mut self) -> Tally {
        self.is_over.store(true, Ordering::SeqCst);
        let started = Instant::now();
        while let Some(done) = self.workers.join_next().await {
            done.unwrap();
        }
        println!("the load came to its end within {:.1?}", started.elapsed());
        self.crew.tally()
    }
}
