//! Carries a case onward by doing what the services offer: asks which actions are allowed to whom, and does the next one.
//! It knows the commands of the house but no regime; a regime's own steps are done by their ids as they are offered.

use crate::desk::{Answer, Choice, Person};
use contracts::{common::Action, notification, triage};
use regime::vocabulary::{COMMANDS, term};
use std::collections::{BTreeMap, HashSet};

/// What the people say and choose on the way; texts by command id.
pub struct Script {
    pub texts: BTreeMap<String, String>,
    /// A part of the name of the department complained of.
    pub department: String,
    /// Makes the triage choice from the regime's words.
    pub choose: Box<dyn FnMut(&triage::Vocabulary) -> Choice + Send>,
    /// The word for the complainant's satisfaction, where a call asks for it.
    pub satisfaction: String,
}

/// One thing that was done, by whom.
#[derive(Clone, Debug)]
pub struct Step {
    pub who: String,
    pub action: String,
}

/// The people of one branch and those above them, and what they did for one case so far.
pub struct Walker<'a> {
    people: &'a [Person],
    case_id: String,
    done: HashSet<String>,
}

/// The commands in the order in which a case usually meets them. Anything else that is offered is a step of the regime.
const ORDER: &[&str] = &["triage", "sign", "note", "measure", "decide", "approve-decision", "answer", "resolve"];
/// Whether it is offered, but not on the straight way: a command of the house that is none of those.
fn is_aside(action: &str) -> bool {
    let command = action.split('(').next().unwrap_or(action);
    term(COMMANDS, command).is_some() && command != "close" && !ORDER.contains(&command)
}

impl<'a> Walker<'a> {
    /// A walker for `case_id` with these people.
    pub fn new(people: &'a [Person], case_id: &str) -> Self {
        Self { people, case_id: case_id.to_owned(), done: HashSet::new() }
    }

    /// Does the next thing that is allowed to anyone; `None` when nothing is offered at this moment.
    ///
    /// # Errors
    /// A service refused what it had offered.
    pub async fn advance(&mut self, script: &mut Script) -> Answer<Option<Step>> {
        let offers = self.offers().await;
        for command in ORDER {
            if let Some(person) = offers.iter().find(|(_, id)| id == command).map(|(person, _)| *person)
                && !self.done.contains(*command)
            {
                return self.act(person, command, script).await.map(Some);
            }
        }
        for (person, id) in &offers {
            let known = ORDER.contains(&id.as_str()) || is_aside(id.as_str()) || id == "close";
            if !known && !self.done.contains(id) {
                return self.act(person, id, script).await.map(Some);
            }
        }
        if let Some((person, task)) = self.task().await {
            return self.complete(person, &task, script).await.map(Some);
        }
        // Harm is contained where nothing else can go on without it.
        for last in ["close", "contain"] {
            if let Some((person, _)) = offers.iter().find(|(_, id)| id == last)
                && !self.done.contains(last)
            {
                return self.act(person, last, script).await.map(Some);
            }
        }
        Ok(None)
    }

    /// Every action that is allowed now, with the first person who may do it. Someone who may not see the case, or a
    /// service that does not know it yet, offers nothing.
    async fn offers(&self) -> Vec<(&'a Person, String)> {
        let mut offers = Vec::new();
        for person in self.people {
            let id = &self.case_id;
            let (triage, assignment, resolution) =
                tokio::join!(person.triage_view(id), person.assignment_view(id), person.resolution_view(id));
            let actions = triage.map(|v| v.actions).into_iter().flatten();
            let actions = actions.chain(assignment.map(|v| v.actions).into_iter().flatten());
            let actions = actions.chain(resolution.map(|v| v.actions).into_iter().flatten());
            offers.extend(actions.filter(|a: &Action| a.is_allowed).map(|a| (person, a.id)));
        }
        offers
    }

    async fn task(&self) -> Option<(&'a Person, notification::Task)> {
        for person in self.people {
            if let Ok(tasks) = person.tasks(&self.case_id).await
                && let Some(task) = tasks.into_iter().next()
            {
                return Some((person, task));
            }
        }
        None
    }

    async fn complete(&mut self, person: &Person, task: &notification::Task, script: &Script) -> Answer<Step> {
        let way = task.ways.first().map_or("call", String::as_str);
        let satisfaction = if task.asks_satisfaction { script.satisfaction.as_str() } else { "" };
        person.complete(task, way, satisfaction, text(script, "task")).await?;
        Ok(step(person, &task.purpose))
    }

    async fn act(&mut self, person: &Person, command: &str, script: &mut Script) -> Answer<Step> {
        let id = self.case_id.clone();
        match command {
            "triage" => {
                let vocabulary = person.triage_view(&id).await?.vocabulary.unwrap_or_default();
                let mut choice = (script.choose)(&vocabulary);
                choice.about_unit_id = choice.about_unit_id.or_else(|| department(&vocabulary, &script.department));
                drop(person.triage(&id, choice).await?);
            }
            "contain" => person.contain(&id, text(script, command)).await?,
            "sign" => person.sign(&id).await?,
            "note" => person.note(&id, text(script, command)).await?,
            "measure" => {
                let words = person.resolution_view(&id).await?.measure_words;
                let measures: Vec<String> = words.into_iter().take(1).map(|word| word.id).collect();
                person.measures(&id, &measures, text(script, command)).await?;
            }
            "decide" => drop(person.decide(&id, &finding(person, &id).await?, text(script, command)).await?),
            "answer" => person.answer(&id, text(script, command)).await?,
            "resolve" => person.resolve(&id, &finding(person, &id).await?, text(script, command)).await?,
            "close" => person.close(&id).await?,
            own => person.step(&id, own).await?,
        }
        self.done.insert(command.to_owned());
        Ok(step(person, command))
    }
}

fn step(person: &Person, action: &str) -> Step {
    Step { who: person.staff.name.clone(), action: action.to_owned() }
}

fn text<'s>(script: &'s Script, command: &str) -> &'s str {
    script.texts.get(command).map_or("已处理。", String::as_str)
}

async fn finding(person: &Person, case_id: &str) -> Answer<String> {
    let findings = person.resolution_view(case_id).await?.findings;
    Ok(findings.into_iter().next().map(|word| word.id).unwrap_or_default())
}

/// The department whose name holds `part`, or the first.
fn department(vocabulary: &triage::Vocabulary, part: &str) -> Option<String> {
    let named = |word: &&triage::Word| word.title.as_ref().is_some_and(|title| title.zh.contains(part));
    vocabulary.departments.iter().find(named).or(vocabulary.departments.first()).map(|word| word.id.clone())
}
