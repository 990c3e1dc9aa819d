//! Plays one scenario in a world of its own, step by step, until it ends or something is not as expected.

use super::{
    check,
    command::{self, COMPLAINANT, Turn},
    cover::{Evidence, Shown},
    rest,
    script::{Act, Do, HandIn, Publish, Refusal, Script, Step},
    seen::{Place, Seen},
    world::World,
};
use crate::desk::{Answer, told};
use anyhow::{Context as _, Result};
use chrono::{DateTime, Days, Months, NaiveDateTime, TimeDelta, TimeZone as _, Timelike as _, Utc};
use contracts::{assignment::ListStaffRequest, intake, triage};
use facts::CaseView;
use kit_core::Problem;
use kit_grpc::Call;
use legal_time::Calendar;
use regime::{
    Keep, Length, Regime,
    vocabulary::{ANYONE, FIRST_CONTACT, HANDLER, TEAM},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// Where what belongs to no case is observed.
const NO_CASE: &str = "";

/// A case that was handed in.
#[derive(Clone, Debug, Default)]
pub(super) struct Case {
    pub(super) id: String,
    pub(super) number: String,
    pub(super) receipt_code: String,
    pub(super) kind: String,
    /// What of its dossier has been looked at.
    pub(super) seen: BTreeSet<Place>,
}

/// A version that is published.
#[derive(Clone, Debug)]
pub(super) struct Published {
    pub(super) regime: Arc<Regime>,
    pub(super) version: u32,
}

/// A scenario being played.
pub(super) struct Play<'s> {
    pub(super) script: &'s Script,
    pub(super) world: World,
    pub(super) cases: BTreeMap<String, Case>,
    /// In the order of their publication.
    published: Vec<Published>,
    /// Ids by login.
    staff: BTreeMap<String, String>,
    pub(super) evidence: Evidence,
}

/// What was not as expected.
#[derive(Clone, Debug)]
pub(super) struct Failure {
    pub(super) line: u32,
    pub(super) expected: String,
    pub(super) happened: String,
}

impl Failure {
    pub(super) fn new(line: u32, expected: impl Into<String>, happened: impl Into<String>) -> Self {
        Self { line, expected: expected.into(), happened: happened.into() }
    }
}

/// Why a step did not pass: something was not as expected, or the machine failed.
pub(super) enum Stop {
    Unexpected(Failure),
    Broken(anyhow::Error),
}

impl From<anyhow::Error> for Stop {
    fn from(error: anyhow::Error) -> Self {
        Self::Broken(error)
    }
}

pub(super) type Passed<T = ()> = std::result::Result<T, Stop>;

impl<'s> Play<'s> {
    /// Knows the people of the world.
    ///
    /// # Errors
    /// The services do not answer.
    pub(super) async fn new(script: &'s Script, world: World) -> Result<Self> {
        let asked = world.installation().request(ListStaffRequest::default());
        let listed = told(world.client.assignment().list_staff(asked).await).map_err(|p| anyhow::anyhow!("{p}"))?;
        let staff = listed.staff.into_iter().map(|person| (person.login, person.staff_id)).collect();
        let first = |regime: &Arc<Regime>| Published { regime: Arc::clone(regime), version: 1 };
        let published = std::iter::once(&script.regime).chain(&script.also).map(first).collect();
        Ok(Self { script, world, cases: BTreeMap::new(), published, staff, evidence: Evidence::default() })
    }

    /// Does one step and looks at what it expects.
    pub(super) async fn step(&mut self, step: &Step) -> Passed {
        match &step.act {
            Act::HandIn(what) => self.hand_in(step, what).await?,
            Act::Do(what) => self.act(step, what).await?,
            Act::Publish(what) => self.publish(step, what).await?,
            Act::Pass(length) => self.pass_until(self.after(*length)?).await?,
            Act::Until(at) if *at < self.world.now() => {
                let (wanted, now) = (self.local(*at), self.local(self.world.now()));
                return Err(Stop::Unexpected(Failure::new(
                    step.line,
                    format!("until {wanted}"),
                    format!("it is {now} already"),
                )));
            }
            Act::Until(at) => self.pass_until(*at).await?,
            Act::Look => {}
        }
        rest::settle(&self.world).await?;
        match &step.expect {
            Some(expect) => check::expect(self, &step.case, expect).await,
            None => Ok(()),
        }
    }

    /// The id of the bearer of a login; what is none stays as it is.
    pub(super) fn id_of(&self, login: &str) -> String {
        self.staff.get(login).cloned().unwrap_or_else(|| login.to_owned())
    }

    /// The login of a person, by their id; what is none stays as it is.
    pub(super) fn name_of(&self, id: &str) -> String {
        let found = self.staff.iter().find(|(_, staff_id)| *staff_id == id);
        found.map_or_else(|| id.to_owned(), |(login, _)| login.clone())
    }

    /// An instant as the scenario writes it.
    pub(super) fn local(&self, at: DateTime<Utc>) -> String {
        let at = at.with_timezone(&self.script.zone);
        let has_seconds = at.second() != 0;
        at.format(if has_seconds { "%Y-%m-%d %H:%M:%S" } else { "%Y-%m-%d %H:%M" }).to_string()
    }

    /// The login that a word such as `handler` means in a case now.
    pub(super) async fn who(&self, case: &str, name: &str) -> Result<String> {
        if name != HANDLER {
            return Ok(name.to_owned());
        }
        let id = self.cases.get(case).map(|case| case.id.clone()).unwrap_or_default();
        let seen = Seen::of(&self.world, &id).await?;
        Ok(seen.field("handler").first().map(|id| self.name_of(id)).unwrap_or_default())
    }

    /// A call in the name of somebody; nobody, for the complainant.
    pub(super) fn call(&self, login: &str) -> Call {
        if login == COMPLAINANT { Call::default() } else { self.world.staff(&self.id_of(login)) }
    }

    async fn hand_in(&mut self, step: &Step, what: &HandIn) -> Passed {
        let text = |name: &str| what.contact.get(name).cloned().unwrap_or_default();
        let identity = intake::Identity {
            name: text("name"),
            phone: text("phone"),
            email: text("email"),
            address: text("address"),
        };
        let request = intake::HandInRequest {
            request_id: command::request_id(),
            unit_id: what.unit.clone(),
            channel: what.channel.clone(),
            kind: what.kind.clone(),
            subject: what.subject.clone(),
            narrative: what.narrative.clone(),
            identity: (!what.contact.is_empty()).then_some(identity),
            is_anonymous: what.is_anonymous,
            asked_by: what.asked_by.map(|day| day.to_string()),
            about_unit_id: what.about_unit.clone(),
            about_staff_ids: what.about_staff.iter().map(|login| self.id_of(login)).collect(),
            facts: what.facts.clone(),
            received_at: what.received.map(kit_grpc::timestamp),
            complainant: what.complainant.clone(),
            respondent: (!what.respondent.is_empty()).then(|| intake::RespondentIdentity {
                r#type: of(&what.respondent, "type"),
                name: of(&what.respondent, "name"),
                address: of(&what.respondent, "address"),
                contact: of(&what.respondent, "contact"),
            }),
            agent: (!what.agent.is_empty())
                .then(|| intake::Agent { name: of(&what.agent, "name"), contact: of(&what.agent, "contact") }),
            identity_mode: what.identity.clone(),
            form: what.form.clone(),
            kinds: what.kinds.clone(),
            ..Default::default()
        };
        let call = what.by.as_ref().map_or_else(Call::default, |by| self.call(by));
        if what.by.is_some() {
            let door = intake::GetDoorRequest { unit_id: what.unit.clone() };
            let doors = told(self.world.client.intake().get_door(call.request(door)).await).map(|reply| reply.doors);
            let advice = doors.unwrap_or_default().into_iter().flat_map(|door| door.guidance);
            self.evidence.in_case(NO_CASE).guidance.extend(advice.map(|text| text.zh));
        }
        let answer = told(self.world.client.intake().hand_in(call.request(request)).await);
        let answer = self.answered(step, "record", what.by.as_deref().unwrap_or(COMPLAINANT), answer)?;
        if let Some(answer) = answer {
            let names = std::iter::once(&step.case).chain(&what.twins);
            let kinds = what.kinds.iter().chain(std::iter::repeat(&what.kind));
            let twins = answer.twins.clone();
            for ((name, kind), answer) in names.zip(kinds).zip(std::iter::once(answer).chain(twins)) {
                let (id, number, receipt_code) = (answer.case_id, answer.number, answer.receipt_code);
                let case = Case { id, number, receipt_code, kind: kind.clone(), seen: BTreeSet::new() };
                self.cases.insert(name.clone(), case);
            }
            if let Some(by) = &what.by {
                let roles = self.roles_of(&step.case, by, false).await?;
                self.shown(step).done.extend(roles.into_iter().map(|role| (role, "record".to_owned())));
            }
        }
        Ok(())
    }

    async fn publish(&mut self, step: &Step, what: &Publish) -> Passed {
        let request = triage::PublishRegimeRequest {
            request_id: command::request_id(),
            pack: what.pack.yaml.clone(),
            unit_id: what.unit.clone(),
            in_force_from: what.from.map(|day| day.to_string()).unwrap_or_default(),
        };
        let call = what.by.as_ref().map_or_else(|| self.world.installation(), |by| self.call(by));
        let answer = told(self.world.client.triage().publish_regime(call.request(request)).await);
        let by = what.by.as_deref().unwrap_or("the installation");
        if let Some(answer) = self.answered(step, "publish", by, answer)? {
            self.published.push(Published { regime: Arc::clone(&what.regime), version: answer.version });
        }
        Ok(())
    }

    /// The version that governs a case, as the services hold it.
    pub(super) fn regime_of(&self, view: &CaseView) -> &Arc<Regime> {
        let is_it = |one: &&Published| one.regime.id == view.regime_id && one.version == view.regime_version;
        self.published.iter().find(is_it).map_or(&self.script.regime, |one| &one.regime)
    }

    async fn act(&mut self, step: &Step, what: &Do) -> Passed {
        let by = self.who(&step.case, &what.by).await?;
        if by.is_empty() {
            return Err(Stop::Unexpected(Failure::new(step.line, "somebody handles the case", "nobody handles it")));
        }
        let case = self.cases.get(&step.case).cloned().unwrap_or_default();
        let regime = Arc::clone(self.regime_of(&Seen::of(&self.world, &case.id).await?.view()));
        let others = || self.published.iter().find_map(|one| command::find(&one.regime, &what.command));
        let command = command::find(&regime, &what.command).or_else(others).context("an unknown command")?;
        if by != COMPLAINANT {
            check::guidance(self, &case, &by).await;
        }
        let answer = {
            let id_of = |login: &str| self.id_of(login);
            let staff_id = if by == COMPLAINANT { String::new() } else { self.id_of(&by) };
            let turn = Turn {
                world: &self.world,
                regime: &regime,
                published: &self.published,
                staff_id: &staff_id,
                case: &case,
                command: &what.command,
                with: &what.with,
                cases: &self.cases,
                zone: self.script.zone,
                id_of: &id_of,
            };
            (command.run)(&turn).await
        };
        if self.answered(step, &what.command, &by, answer)?.is_some() {
            let roles = self.roles_of(&step.case, &by, what.by == HANDLER).await?;
            self.shown(step).done.extend(roles.into_iter().map(|role| (role, what.command.clone())));
            if let Some(name) = &what.into {
                let made = self.made_of(&case).await?;
                self.cases.insert(name.clone(), made);
            }
        }
        Ok(())
    }

    /// The case of the same submission, under the same code, that nobody named yet.
    async fn made_of(&self, case: &Case) -> Result<Case> {
        let all: Vec<(String, String, String)> = sqlx::query_as(
            "SELECT 'case_' || replace(c.case_id::text, '-', ''), c.number, c.view->>'kind'
             FROM intake.submissions one JOIN intake.submissions s USING (submission_id)
                  JOIN intake.cases c ON c.case_id = s.case_id
             WHERE one.case_id = right($1, 32)::uuid ORDER BY c.number",
        )
        .bind(&case.id)
        .fetch_all(&self.world.admin)
        .await?;
        let is_new = |(id, ..): &(String, String, String)| self.cases.values().all(|known| known.id != *id);
        let (id, number, kind) = all.into_iter().find(is_new).context("the command made no case")?;
        Ok(Case { id, number, kind, receipt_code: case.receipt_code.clone(), seen: BTreeSet::new() })
    }

    /// Every role in which somebody may have done something in a case: those that they hold, and those that the case
    /// gives them.
    async fn roles_of(&self, case: &str, login: &str, was_handler: bool) -> Result<Vec<String>> {
        let id = self.cases.get(case).map(|case| case.id.clone()).unwrap_or_default();
        let view = Seen::of(&self.world, &id).await?.view();
        let staff_id = self.id_of(login);
        let person = self.script.setting.staff.iter().find(|person| person.login == login);
        let held = person.into_iter().flat_map(|person| person.grants.iter().map(|grant| grant.role.clone()));
        let given = [
            (ANYONE, person.is_some()),
            (HANDLER, was_handler || view.handler.as_deref() == Some(staff_id.as_str())),
            (FIRST_CONTACT, view.first_contact.as_deref() == Some(staff_id.as_str())),
            (TEAM, view.teams.values().any(|team| team.contains(&staff_id))),
        ];
        Ok(held.chain(given.iter().filter(|(_, is)| *is).map(|(role, _)| (*role).to_owned())).collect())
    }

    /// What is observed in the case of a step.
    fn shown(&mut self, step: &Step) -> &mut Shown {
        let case = self.cases.get(&step.case).map_or(NO_CASE, |case| case.id.as_str());
        self.evidence.in_case(case)
    }

    /// The reply, unless a refusal was expected and came.
    fn answered<T>(&mut self, step: &Step, command: &str, by: &str, answer: Answer<T>) -> Passed<Option<T>> {
        let unexpected =
            |expected: String, happened: String| Err(Stop::Unexpected(Failure::new(step.line, expected, happened)));
        match (answer, &step.refused) {
            (Ok(reply), None) => Ok(Some(reply)),
            (Err(problem), None) => {
                unexpected(format!("{by} may `{command}`"), format!("refused: {}", spelled(&problem)))
            }
            (Ok(_), Some(refusal)) => {
                unexpected(format!("`{command}` by {by} is refused: {}", wanted(refusal)), "it was done".to_owned())
            }
            (Err(problem), Some(refusal)) => {
                let is_as_wanted = fits(refusal, &problem);
                self.shown(step).refusals.push(problem.clone());
                if is_as_wanted {
                    return Ok(None);
                }
                unexpected(format!("refused: {}", wanted(refusal)), format!("refused: {}", spelled(&problem)))
            }
        }
    }

    /// Lets time pass, stopping at each instant at which something is due, so that everything happens when it should.
    async fn pass_until(&mut self, target: DateTime<Utc>) -> Passed {
        loop {
            rest::settle(&self.world).await?;
            match rest::next(&self.world).await? {
                Some(next) if next <= target => self.world.clock.set(next.max(self.world.now())),
                _ => break,
            }
        }
        self.world.clock.set(target);
        if self.published.iter().any(|one| matches!(one.regime.records.keep, Keep::For(_))) {
            rest::settle(&self.world).await?;
            rest::files(&self.world).await?;
        }
        Ok(())
    }

    /// The instant so long after now: days keep the time of day.
    fn after(&self, length: Length) -> Result<DateTime<Utc>> {
        let now = self.world.now().with_timezone(&self.script.zone).naive_local();
        let on = |day| self.instant(NaiveDateTime::new(day, now.time()));
        let past = || anyhow::anyhow!("that is too far away");
        match length {
            Length::Minutes(n) => Ok(self.world.now() + TimeDelta::minutes(i64::from(n))),
            Length::Hours(n) => Ok(self.world.now() + TimeDelta::hours(i64::from(n))),
            Length::Days(n) => on(now.date().checked_add_days(Days::new(u64::from(n))).with_context(past)?),
            Length::Months(n) => on(now.date().checked_add_months(Months::new(n)).with_context(past)?),
            Length::Years(n) => on(now.date().checked_add_months(Months::new(n * 12)).with_context(past)?),
            Length::WorkingDays(n) => {
                let id = &self.script.regime.calendar;
                let text = packs::calendar(id).with_context(|| format!("there is no calendar {id}"))?;
                let calendar = Calendar::parse(id, &text).map_err(|_| anyhow::anyhow!("the calendar {id} is wrong"))?;
                on(calendar.nth_working_day(now.date(), n))
            }
            _ => anyhow::bail!("this is no length of time"),
        }
    }

    fn instant(&self, local: NaiveDateTime) -> Result<DateTime<Utc>> {
        let at = self.script.zone.from_local_datetime(&local).earliest();
        at.map(|at| at.to_utc()).context("there is no such time in this zone")
    }
}

fn of(given: &BTreeMap<String, String>, name: &str) -> String {
    given.get(name).cloned().unwrap_or_default()
}

/// Whether a refusal is the one expected.
fn fits(refusal: &Refusal, problem: &Problem) -> bool {
    let spelled = spelled(problem);
    refusal.code.as_ref().is_none_or(|code| *code == problem.code)
        && refusal.say.as_ref().is_none_or(|say| spelled.contains(say))
        && refusal.cite.as_ref().is_none_or(|cite| spelled.contains(cite))
        && refusal.names.iter().all(|name| problem.fields.iter().any(|field| is_named(&field.field, name)))
}

/// Whether a field of a request is the one that a pack calls so: `respondent.name` is its `respondent-name`, and
/// `identity.phone`, `form.place` and `parts.reasons` are its `phone`, `place` and `reasons`.
fn is_named(field: &str, name: &str) -> bool {
    let own = ["identity.", "form.", "parts."].iter().find_map(|of| field.strip_prefix(of)).unwrap_or(field);
    field == name || own == name || field.replace('.', "-") == name
}

fn wanted(refusal: &Refusal) -> String {
    let named = |what: &str, text: &Option<String>| text.as_ref().map(|text| format!("{what} {text}"));
    let names = (!refusal.names.is_empty()).then(|| format!("names {}", refusal.names.join(", ")));
    let all = [named("code", &refusal.code), named("say", &refusal.say), named("cite", &refusal.cite), names];
    let all: Vec<String> = all.into_iter().flatten().collect();
    if all.is_empty() { "for any reason".to_owned() } else { all.join(", ") }
}

/// A problem as a person reads it.
pub(super) fn spelled(problem: &Problem) -> String {
    let fields = problem.fields.iter().map(|one| format!("; {}: {} / {}", one.field, one.text.zh, one.text.en));
    let fields: String = fields.collect();
    format!("[{}] {} / {}{fields}", problem.code, problem.text.zh, problem.text.en)
}
