//! The house and what a test does with it: hand in, act as people, move the clock, wait for facts.

use crate::Collector;
use chrono::{DateTime, NaiveDate, TimeDelta, TimeZone as _, Utc};
use chrono_tz::Asia::Shanghai;
use contracts::{assignment, common, intake, notification, records, triage};
use jiesu::{
    Options, Running,
    client::Client,
    demo_org::DemoOrg,
    desk::{Answer, Choice, Person, request_id, told, until},
    rebuild::Place,
    seed::Seeder,
    start_all,
    walker::{Script, Step, Walker},
};
use kit_config::{EnvSource, MapSource, NatsSettings, Provision, Source as _};
use kit_core::{Env, ManualClock, Problem, RandomIds};
use kit_grpc::Call;
use kit_runtime::telemetry;
use sqlx::{AssertSqlSafe, PgPool, Row as _, postgres::PgConnectOptions};
use std::{collections::BTreeMap, sync::Arc, time::Duration};

/// How long a test waits for anything before it fails with what it last saw.
const PATIENCE: Duration = Duration::from_secs(30);
pub(crate) const PASSWORD: &str = "demo for tests";

/// All services, running.
pub struct House {
    pub clock: ManualClock,
    pub client: Client,
    pub http: String,
    pub(crate) admin: PgPool,
    place: Place,
    running: Running,
    /// Flushes the spans, where a collector was given.
    _telemetry: Option<telemetry::Guard>,
}

impl Drop for House {
    fn drop(&mut self) {
        self.running.stop.cancel();
    }
}

impl House {
    /// Monday 2026-11-16, nine o'clock in Shanghai, with the shipped regimes and two branches of the demo organisation.
    pub async fn open() -> Self {
        Self::start(None, None).await
    }

    /// The same under this pack, and no shipped regime.
    pub async fn open_under(pack: &str) -> Self {
        Self::start(None, Some(pack)).await
    }

    /// The same, and its traces go to `collector`.
    pub async fn open_traced(collector: &Collector) -> Self {
        let settings = MapSource::default().with("OTEL_EXPORTER_OTLP_ENDPOINT", collector.endpoint());
        Self::start(Some(telemetry::init(&settings).unwrap()), None).await
    }

    async fn start(telemetry: Option<telemetry::Guard>, pack: Option<&str>) -> Self {
        let _ = rustls_ring();
        let needed =
            |key: &str| EnvSource.get(key).unwrap_or_else(|| panic!("{key} is not set: run deploy/local/test"));
        let server: PgConnectOptions = needed("JIESU_TEST_POSTGRES").parse().unwrap();
        let name = format!("house_{:08x}", rand::random::<u32>());
        let create = PgPool::connect_with(server.clone()).await.unwrap();
        sqlx::query(AssertSqlSafe(format!("CREATE DATABASE {name}"))).execute(&create).await.unwrap();
        create.close().await;
        let admin = PgPool::connect_with(server.clone().database(&name)).await.unwrap();
        let url = sqlx::ConnectOptions::to_url_lossy(&server.database(&name));
        let clock = ManualClock::new(Shanghai.with_ymd_and_hms(2026, 11, 16, 9, 0, 0).unwrap().to_utc());
        let mut options = Options::new(url, needed("JIESU_TEST_NATS"), name.replace('_', "-"));
        options.env = Env { clock: Arc::new(clock.clone()), ids: Arc::new(RandomIds) };
        let mail = std::env::temp_dir().join(&name);
        std::fs::create_dir_all(&mail).unwrap();
        options.settings.insert("JIESU_MAIL_FOLDER".to_owned(), mail.display().to_string());
        // The product's value takes a core for a sixth of a second at each hand-in and each look; one test uses it.
        options.settings.insert("JIESU_RECEIPT_ARGON_KIB".to_owned(), "1024".to_owned());
        let nats = NatsSettings {
            url: options.nats_url.clone(),
            namespace: options.namespace.clone(),
            replicas: 1,
            provision: Provision::Create,
        };
        let place = Place { admin_url: options.admin_url.clone(), nats };
        let running = start_all(options).await.unwrap();
        let client = Client::new(running.peers());
        let http = format!("http://{}", running.http.unwrap());
        let house = Self { clock, client, http, admin, place, running, _telemetry: telemetry };
        house.seed(pack).await;
        house
    }

    async fn seed(&self, pack: Option<&str>) {
        let mut organisation = DemoOrg::new(PASSWORD);
        organisation.staff.retain(|one| ["b01.", "b02.", "r1.", "hq."].iter().any(|part| one.login.starts_with(part)));
        let request = self.running.call().request(organisation.request());
        told(self.client.assignment().change_organisation(request).await).unwrap();
        let seeder = Seeder::new(self.running.peers(), self.running.call());
        match pack {
            Some(pack) => self.publish(pack).await,
            None => drop(seeder.shipped_regimes(&[]).await.unwrap()),
        }
        seeder.doors().await.unwrap();
        self.settle().await;
    }

    /// Puts a pack in force for the whole organisation, from the day that it says.
    pub async fn publish(&self, pack: &str) {
        let request =
            triage::PublishRegimeRequest { request_id: request_id(), pack: pack.to_owned(), ..Default::default() };
        // Triage learns the roles that a pack needs from the organisation, which may have been made a moment ago.
        until("the regime", PATIENCE, async || {
            let request = self.running.call().request(request.clone());
            told(self.client.triage().publish_regime(request).await).map(Some)
        })
        .await
        .unwrap();
        self.settle().await;
    }

    /// Where the servers are.
    pub fn place(&self) -> Place {
        self.place.clone()
    }

    /// Changes a table behind the services' backs.
    pub async fn tamper(&self, sql: &'static str) {
        sqlx::query(sql).execute(&self.admin).await.unwrap();
    }

    /// Signs someone of the demo organisation in, such as `b01.head`.
    pub async fn person(&self, login: &str) -> Person {
        Person::sign_in(&self.client, login, PASSWORD).await.unwrap()
    }

    /// Everyone of the first branch and those above them.
    pub async fn branch_people(&self) -> Vec<Person> {
        let mut people = Vec::new();
        for login in ["b01.general", "b01.reception", "b01.head", "b01.patrol", "r1.manager", "r1.gm"] {
            people.push(self.person(login).await);
        }
        people
    }

    /// Hands in at the first branch's web door, after `edit`.
    pub async fn hand_in(&self, edit: impl FnOnce(&mut intake::HandInRequest)) -> intake::HandInResponse {
        let mut request = intake::HandInRequest {
            request_id: request_id(),
            unit_id: "b01".to_owned(),
            channel: "web".to_owned(),
            kind: "complaint".to_owned(),
            subject: "电梯停运".to_owned(),
            narrative: "三栋电梯停了三天,没有人修。".to_owned(),
            identity: Some(intake::Identity { phone: "12000000001".to_owned(), ..Default::default() }),
            ..Default::default()
        };
        edit(&mut request);
        told(self.client.intake().hand_in(Call::default().request(request)).await).unwrap()
    }

    /// What the complainant sees with the code.
    pub async fn follow(&self, code: &str) -> intake::FollowResponse {
        self.settle().await;
        self.try_follow(code).await.unwrap()
    }

    /// The same, or why not.
    pub async fn try_follow(&self, code: &str) -> Answer<intake::FollowResponse> {
        let request = intake::FollowRequest { receipt_code: code.to_owned(), ..Default::default() };
        told(self.client.intake().follow(Call::default().request(request)).await)
    }

    /// Takes the matter back with the code.
    pub async fn withdraw(&self, code: &str) -> Answer<()> {
        let request = intake::WithdrawRequest {
            request_id: request_id(),
            receipt_code: code.to_owned(),
            case_id: String::new(),
            ..Default::default()
        };
        told(self.client.intake().withdraw(Call::default().request(request)).await).map(drop)
    }

    /// Triages at the front desk, about the engineering department unless the choice says otherwise.
    pub async fn triage(&self, case_id: &str, mut choice: Choice) -> String {
        self.settle().await;
        let reception = self.person("b01.reception").await;
        let words = self.vocabulary(&reception, case_id).await;
        let engineering = words.departments.iter().find(|d| d.title.as_ref().is_some_and(|t| t.zh.contains("工程")));
        choice.about_unit_id = choice.about_unit_id.or_else(|| engineering.map(|word| word.id.clone()));
        if choice.category.is_empty() {
            choice.category = words.categories.first().map(|word| word.id.clone()).unwrap_or_default();
        }
        reception.triage(case_id, choice).await.unwrap().severity
    }

    /// The words that the case's regime has for triage.
    pub async fn vocabulary(&self, person: &Person, case_id: &str) -> triage::Vocabulary {
        self.settle().await;
        person.triage_view(case_id).await.unwrap().vocabulary.unwrap()
    }

    /// Carries the case to the archive; answers what was done.
    pub async fn walk(&self, people: &[Person], case_id: &str, facts: &[(&str, &str)]) -> Vec<Step> {
        self.walk_saying(people, case_id, facts, "已处理").await
    }

    /// The same, and everyone says `text` wherever they write something.
    pub async fn walk_saying(&self, people: &[Person], case_id: &str, facts: &[(&str, &str)], text: &str) -> Vec<Step> {
        let facts: Vec<common::Fact> = facts.iter().map(|(name, value)| word(name, value)).collect();
        let choose = move |words: &triage::Vocabulary| Choice {
            category: words.categories.first().map(|word| word.id.clone()).unwrap_or_default(),
            ..choice(&facts)
        };
        let commands = ["note", "measure", "decide", "answer", "resolve", "task", "contain"];
        let mut script = Script {
            texts: commands.iter().map(|command| ((*command).to_owned(), text.to_owned())).collect::<BTreeMap<_, _>>(),
            department: "工程".to_owned(),
            choose: Box::new(choose),
            satisfaction: "satisfied".to_owned(),
        };
        let mut walker = Walker::new(people, case_id);
        let mut steps = Vec::new();
        loop {
            self.settle().await;
            match walker.advance(&mut script).await.unwrap() {
                Some(step) => steps.push(step),
                None => return steps,
            }
        }
    }

    /// Everything that happened to the case, as the first branch's head of general affairs sees it.
    pub async fn dossier(&self, case_id: &str) -> records::GetDossierResponse {
        self.settle().await;
        self.person("b01.general").await.dossier(case_id).await.unwrap()
    }

    /// The words of the case's facts, in order.
    pub async fn facts(&self, case_id: &str) -> Vec<String> {
        self.dossier(case_id).await.entries.into_iter().map(|entry| entry.fact).collect()
    }

    /// Waits until the dossier has the fact.
    pub async fn wait_for(&self, case_id: &str, fact: &str) {
        self.wait_until(fact, case_id, |facts| facts.iter().any(|found| found == fact)).await;
    }

    /// Waits until the facts are as `probe` wants them.
    pub async fn wait_until(&self, what: &str, case_id: &str, probe: impl Fn(&[String]) -> bool) {
        let witness = self.person("b01.general").await;
        until(what, PATIENCE, async || {
            let entries = witness.dossier(case_id).await?.entries;
            let facts: Vec<String> = entries.into_iter().map(|entry| entry.fact).collect();
            if probe(&facts) { Ok(Some(())) } else { Err(Problem::conflict("not-yet", "", facts.join(" "))) }
        })
        .await
        .unwrap();
    }

    /// The month's figures of a unit.
    pub async fn statistics(&self, unit: &str) -> records::GetStatisticsResponse {
        self.settle().await;
        let month = self.today().format("%Y-%m").to_string();
        self.person("b01.general").await.statistics(unit, &month).await.unwrap()
    }

    /// A queue of someone.
    pub async fn queue(&self, login: &str, view: &str) -> Vec<assignment::QueuedCase> {
        let person = self.person(login).await;
        let request = assignment::ListQueueRequest { view: view.to_owned(), ..Default::default() };
        told(person.client.assignment().list_queue(person.call().request(request)).await).unwrap().cases
    }

    /// The mails that were "sent" into the folder.
    pub async fn mails(&self) -> Vec<notification::Mail> {
        let admin = self.person("hq.admin").await;
        told(admin.client.notification().list_mail(admin.call().request(notification::ListMailRequest {})).await)
            .unwrap()
            .mails
    }

    /// The texts of a case, as someone reads them with a reason.
    pub async fn narrative(&self, person: &Person, case_id: &str) -> Vec<String> {
        let request =
            intake::ReadTextsRequest { case_id: case_id.to_owned(), ref_ids: Vec::new(), reason: "核对".to_owned() };
        let texts = told(person.client.intake().read_texts(person.call().request(request)).await).unwrap().texts;
        texts.into_iter().map(|text| text.text).collect()
    }

    /// When a clock of the case is due.
    pub async fn due(&self, case_id: &str, clock: &str) -> DateTime<Utc> {
        self.settle().await;
        let clocks = self.person("b01.general").await.watcher_view(case_id).await.unwrap().clocks;
        let found =
            clocks.iter().find(|found| found.clock == clock).unwrap_or_else(|| panic!("no {clock} in {clocks:?}"));
        kit_grpc::instant(found.due_at.as_ref().unwrap()).unwrap()
    }

    /// The day in Shanghai.
    pub fn today(&self) -> NaiveDate {
        self.running.env.now().with_timezone(&Shanghai).date_naive()
    }

    /// Moves the clock on, a day at a time, as days pass.
    pub async fn advance_days(&self, days: i64) {
        for _ in 0..days {
            self.clock.advance(TimeDelta::days(1));
            self.settle().await;
        }
    }

    /// Waits until every service has applied everything that the others have said, and nobody says more.
    pub async fn settle(&self) {
        until("rest in the logs", PATIENCE, async || {
            let before = self.behind().await;
            tokio::task::yield_now().await;
            if before.0.is_empty() && self.behind().await == before {
                return Ok(Some(()));
            }
            Err(Problem::conflict("not-yet", "", before.0.join(" ")))
        })
        .await
        .unwrap();
    }

    /// Which services are behind whom, and the sum of all heads.
    async fn behind(&self) -> (Vec<String>, i64) {
        let mut behind = Vec::new();
        let mut sum = 0;
        for follower in self.schemas() {
            for producer in self.schemas() {
                let sql = format!(
                    "SELECT COALESCE(sum(h.seq - p.seq), 0)::bigint, COALESCE(sum(h.seq), 0)::bigint
                     FROM {producer}.event_head h JOIN {follower}.follower_position p
                       ON p.producer = $1 AND p.partition = h.partition"
                );
                let row = sqlx::query(AssertSqlSafe(sql))
                    .bind(producer.replace('_', "-"))
                    .fetch_one(&self.admin)
                    .await
                    .unwrap();
                let (missing, heads): (i64, i64) = (row.get(0), row.get(1));
                sum += heads;
                if missing > 0 {
                    behind.push(format!("{follower} lacks {missing} of {producer}"));
                }
            }
        }
        (behind, sum)
    }
}

fn rustls_ring() -> Result<(), Arc<rustls::crypto::CryptoProvider>> {
    rustls::crypto::ring::default_provider().install_default()
}

/// A choice of the kind `complaint` with these facts.
pub fn choice(facts: &[common::Fact]) -> Choice {
    Choice { kind: "complaint".to_owned(), facts: facts.to_vec(), ..Default::default() }
}

/// A fact that is a word.
pub fn word(name: &str, value: &str) -> common::Fact {
    fact(name, common::fact_value::Kind::Word(value.to_owned()))
}

/// A fact that is a flag.
pub fn flag(name: &str, value: bool) -> common::Fact {
    fact(name, common::fact_value::Kind::Flag(value))
}

fn fact(name: &str, kind: common::fact_value::Kind) -> common::Fact {
    common::Fact { name: name.to_owned(), value: Some(common::FactValue { kind: Some(kind) }) }
}
