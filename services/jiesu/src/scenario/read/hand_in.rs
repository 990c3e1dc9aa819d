//! What is handed in.

use super::{
    super::{
        command::COMPLAINANT,
        reader::{Map, Noun},
        script::HandIn,
    },
    Desk, when,
};
use regime::node::{Data, Node};
use std::collections::BTreeMap;

const HAND_IN: &[&str] = &[
    "unit",
    "channel",
    "kind",
    "subject",
    "narrative",
    "contact",
    "anonymous",
    "asked-by",
    "about-unit",
    "about-staff",
    "facts",
    "received",
    "complainant",
    "respondent",
    "agent",
    "identity",
    "form",
    "kinds",
];
const RESPONDENT: &[&str] = &["type", "name", "address", "contact"];
const AGENT: &[&str] = &["name", "contact"];
const CONTACT: &[&str] = &["name", "phone", "email", "address"];

impl Desk<'_> {
    /// A hand-in; what it does not say is as it usually is.
    pub(super) fn hand_in(&self, step: &Map<'_>, node: &Node) -> HandIn {
        let reader = self.reader;
        let map = reader.map(node, ("hand-in", "a hand-in"), HAND_IN);
        let is_refused = step.get("refused").is_some();
        let word = |name: &str, what: Noun, known: Vec<String>, otherwise: Option<String>| {
            let given = map.get(name).and_then(|node| {
                if is_refused {
                    reader.scalar(node).map(str::to_owned)
                } else {
                    reader.one_of(node, what, known.iter().map(String::as_str))
                }
            });
            given.or(otherwise).unwrap_or_default()
        };
        let branch = self.setting.units.iter().find(|unit| unit.kind == "branch").map(|unit| unit.unit_id.clone());
        let channels = self.names(|regime| regime.channels.iter().map(|channel| channel.id.clone()).collect());
        let kinds = self.names(|regime| regime.words.kinds.iter().map(|word| word.id.clone()).collect());
        let first = |list: &[String]| list.first().cloned();
        let by = step.get("as").and_then(|node| self.who(node)).filter(|by| by != COMPLAINANT);
        let contact = map.get("contact").map(|node| reader.map(node, ("联系方式", "contact"), CONTACT));
        let mut contact: BTreeMap<String, String> = contact
            .map(|map| CONTACT.iter().filter_map(|name| Some(((*name).to_owned(), map.text(name)?))).collect())
            .unwrap_or_default();
        let is_anonymous = map.get("anonymous").and_then(|node| reader.flag(node)).unwrap_or(false);
        if map.get("contact").is_none() && !is_anonymous {
            contact.insert("phone".to_owned(), "12000000001".to_owned());
            contact.insert("email".to_owned(), "complainant@home.example".to_owned());
        }
        let some = |name: &str, what: Noun, fields: &'static [&'static str]| {
            let given = map.get(name).map(|node| reader.map(node, what, fields));
            let text = |given: Map<'_>| {
                fields
                    .iter()
                    .filter_map(|name| Some(((*name).to_owned(), given.text(name)?)))
                    .collect::<BTreeMap<_, _>>()
            };
            given.map(text).unwrap_or_default()
        };
        let form = map.get("form").map_or(&[][..], |node| reader.entries(node, ("表单", "form"))).iter();
        let form =
            form.map(|(key, node)| (key.name.clone(), node.text().unwrap_or_default().trim().to_owned())).collect();
        let text = |name: &str, otherwise: &str| match map.get(name) {
            // A refusal may want to see what becomes of a text that is not there.
            Some(node) if matches!(node.data, Data::Empty) => String::new(),
            Some(node) => node.text().unwrap_or_default().trim().to_owned(),
            None => otherwise.to_owned(),
        };
        HandIn {
            by,
            unit: word("unit", ("单位", "unit"), self.units(), branch),
            channel: word("channel", ("渠道", "channel"), channels.clone(), first(&channels)),
            kind: word("kind", ("类型", "kind"), kinds.clone(), first(&kinds)),
            subject: text("subject", "事由"),
            narrative: text("narrative", "事情的经过。"),
            contact,
            is_anonymous,
            asked_by: map.get("asked-by").and_then(|node| when::day(reader, node)),
            about_unit: map.get("about-unit").map(|_| word("about-unit", ("单位", "unit"), self.units(), None)),
            about_staff: map
                .get("about-staff")
                .map(|node| node.members().iter().filter_map(|one| self.login(one)).collect())
                .unwrap_or_default(),
            facts: map.get("facts").map(|node| self.facts(node, is_refused)).unwrap_or_default(),
            complainant: map.text("complainant").unwrap_or_default(),
            respondent: some("respondent", ("被投诉人", "respondent"), RESPONDENT),
            agent: some("agent", ("代理人", "agent"), AGENT),
            identity: map.text("identity").unwrap_or_default(),
            form,
            kinds: map.get("kinds").map(|node| reader.words(node)).unwrap_or_default(),
            twins: Vec::new(),
            received: map.get("received").and_then(|node| when::instant(reader, node, self.zone)),
        }
    }
}
