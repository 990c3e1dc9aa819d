//! How a matter comes in, whether it is taken, and how grave it is.

use super::Desk;
use super::counting::{choice, choice_of};
use crate::names::{Names, Set};
use crate::node::Node;
use crate::reader::{Reader, Rule};
use crate::vocabulary::{ANYONE, CHANNELS, term};
use crate::{Channel, Grade, Grading, Ground, Outcome};

const IDENTITY: [(&str, &str); 4] =
    [("anonymous", "anonymous"), ("contact", "contact"), ("named", "named"), ("real-name", "real-name")];
const OUTCOMES: [(&str, Outcome); 4] = [
    ("refuse", Outcome::Refuse),
    ("refer", Outcome::Refer),
    ("guide", Outcome::Guide),
    ("courtesy", Outcome::Courtesy),
];

pub(super) fn channels(reader: &Reader, names: &Names, section: Option<&Node>) -> Vec<Channel> {
    let mut channels: Vec<Channel> = Vec::new();
    for node in section.map_or(&[][..], Node::members) {
        let fields =
            ["channel", "for", "recorded-by", "open", "requires", "identity", "sealed", "shows", "receipt", "form"];
        let Some(rule) = reader.rule(node, ("渠道", "channel"), &fields) else { continue };
        let kinds = rule.get("for").map_or_else(Vec::new, |node| names.many(&rule, Set::Kind, node));
        let recorded_by = recorders(&rule, names);
        let requires = rule.get("requires").map_or_else(Vec::new, |node| names.many(&rule, Set::Field, node));
        // Whoever is to hear of it leaves a way to be reached.
        let identity = rule.get("identity").and_then(|node| choice(&rule, node, &IDENTITY)).unwrap_or("contact");
        let shows = rule.get("shows").and_then(|node| rule.scalar(node)).map(str::to_owned);
        let (is_sealed, gives_receipt) = (rule.flag("sealed"), rule.flag("receipt"));
        let form = rule.get("form").and_then(|node| names.one(&rule, Set::Form, node));
        for node in rule.need("channel").map_or(&[][..], Node::members) {
            let Some(id) = names.one(&rule, Set::Channel, node) else { continue };
            let is_twin = |other: &Channel| {
                let shared = kinds.is_empty() || other.kinds.is_empty() || kinds.iter().any(|kind| other.takes(kind));
                other.id == id && shared
            };
            if channels.iter().any(is_twin) {
                rule.fail(node.line, format!("渠道“{id}”重复出现"), format!("the channel `{id}` stands here twice"));
            }
            channels.push(Channel {
                title: term(CHANNELS, &id).map(|term| term.title()).unwrap_or_default(),
                id,
                kinds: kinds.clone(),
                recorded_by: recorded_by.clone(),
                requires: requires.clone(),
                identity: identity.to_owned(),
                is_sealed,
                shows: shows.clone(),
                gives_receipt,
                form: form.clone(),
                cite: rule.cite.clone(),
            });
        }
    }
    channels
}

/// Who writes it down: roles, or anyone; nobody where the door is open to the public.
fn recorders(rule: &Rule<'_>, names: &Names) -> Vec<String> {
    if rule.get("recorded-by").is_some() == rule.flag("open") {
        rule.fail(
            rule.line,
            "渠道须写明由谁登记(recorded-by)或向公众开放(open: yes)，二者取一",
            "a channel is either recorded by a role (recorded-by) or open to the public (open: yes)",
        );
    }
    let role = |node: &Node| match node.text().map(str::trim) {
        Some(ANYONE) => Some(ANYONE.to_owned()),
        _ => names.one(rule, Set::Role, node),
    };
    rule.get("recorded-by").map_or(&[][..], Node::members).iter().filter_map(role).collect()
}

impl Desk<'_> {
    pub(super) fn scope(&self, section: Option<&Node>) -> Vec<Ground> {
        let mut grounds: Vec<Ground> = Vec::new();
        for node in self.list(section) {
            let fields = ["ground", "zh", "en", "if", "then", "to", "report-back", "say"];
            let Some(rule) = self.reader.rule(node, ("不予受理的情形", "ground"), &fields) else { continue };
            let (id, title, say) = (rule.word("ground"), rule.title(), rule.text("say"));
            let condition = self.condition(&rule);
            let outcome = rule.need("then").and_then(|node| choice_of(&rule, node, ("处理方式", "outcome"), &OUTCOMES));
            let to = rule.get("to").and_then(|node| self.receiver(&rule, node));
            let reports_back = rule.flag("report-back");
            let (Some(id), Some(title), Some(say), Some(outcome)) = (id, title, say, outcome) else { continue };
            if reports_back && outcome != Outcome::Refer {
                let en = "only a matter that is referred (then: refer) is reported back on";
                rule.fail(rule.line, "只有移送(then: refer)的事项才有报备(report-back)", en);
            }
            rule.once(("情形", "ground"), id, grounds.iter().any(|ground| ground.id == id));
            let (id, cite) = (id.to_owned(), rule.cite.clone());
            grounds.push(Ground { id, title, condition, outcome, to, reports_back, say, cite });
        }
        grounds
    }

    /// A body outside, or a role of the house.
    fn receiver<'a>(&self, rule: &Rule<'a>, node: &'a Node) -> Option<String> {
        let name = rule.scalar(node)?;
        let known = || self.names.of(Set::Body).iter().chain(self.names.of(Set::Role)).map(String::as_str);
        let is_known = known().any(|one| one == name);
        if !is_known {
            let known: Vec<&str> = known().collect();
            rule.unknown(node.line, ("外部单位或角色", "body or role"), name, known.into_iter());
        }
        is_known.then(|| name.to_owned())
    }

    pub(super) fn grading(&self, section: Option<&Node>) -> Vec<Grading> {
        let rules: Vec<Grading> = self.list(section).iter().filter_map(|node| self.grade(node)).collect();
        let first = rules.iter().position(|rule| matches!(rule.rule, Grade::Otherwise));
        let last = rules.iter().rposition(|rule| matches!(rule.rule, Grade::If(_) | Grade::Otherwise));
        if let (Some(first), Some(last), Some(node)) = (first, last, section)
            && first < last
        {
            let line = node.members().get(last).map_or(node.line, |node| node.line);
            let cite = rules.get(last).map_or("", |rule| rule.cite.as_str());
            let (zh, en) = ("“otherwise”之后的定级规则不会被用到", "a grading rule after `otherwise` is never reached");
            self.reader.fail(line, cite, zh, en);
        }
        rules
    }

    fn grade(&self, node: &Node) -> Option<Grading> {
        let rule =
            self.reader.rule(node, ("定级规则", "grading rule"), &["if", "then", "otherwise", "on", "automatic"])?;
        let (on, otherwise) = (rule.get("on"), rule.get("otherwise"));
        let condition = self.condition(&rule);
        if let Some(node) = otherwise {
            if on.or(rule.get("if")).or(rule.get("then")).or(rule.get("automatic")).is_some() {
                rule.fail(
                    rule.line,
                    "“otherwise”不与 if、on、then、automatic 同用",
                    "`otherwise` stands without if, on, then and automatic",
                );
            }
            let then = self.names.one(&rule, Set::Severity, node)?;
            return Some(Grading { rule: Grade::Otherwise, then, is_automatic: false, cite: rule.cite });
        }
        let then = rule.need("then").and_then(|node| self.names.one(&rule, Set::Severity, node));
        let grade = match on {
            Some(node) => Grade::On(self.names.fact(&rule, node)?, condition),
            None => {
                rule.need("if")?;
                Grade::If(condition)
            }
        };
        let is_automatic = rule.flag("automatic");
        if is_automatic && on.is_none() {
            rule.fail(rule.line, "只有“on”规则可以自动定级", "only a rule `on` a fact can be automatic");
        }
        Some(Grading { rule: grade, then: then?, is_automatic, cite: rule.cite })
    }
}
