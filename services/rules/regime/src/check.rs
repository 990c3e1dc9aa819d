//! A pack looked at as a whole: read with what it extends, settled, compiled, and asked whether it makes sense.

use crate::node::{Key, Node};
use crate::reader::Reader;
use crate::{Gravity, PackError, Regime, parameters, read, tailor, whole};
use std::collections::{BTreeMap, BTreeSet};

/// A pack: the name of its file and its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pack {
    pub file: String,
    pub yaml: String,
}

impl Pack {
    /// The id that it gives itself, if that can be read without reading the whole.
    pub fn id(&self) -> Option<&str> {
        let id = self.yaml.trim_start_matches('\u{feff}').lines().find_map(|line| line.strip_prefix("regime:"))?;
        Some(id.split(" #").next().unwrap_or(id).trim().trim_matches(['"', '\''])).filter(|id| !id.is_empty())
    }
}

/// What a pack is checked against.
#[derive(Clone, Debug, Default)]
pub struct Surroundings {
    /// The packs that it may extend.
    pub shelf: Vec<Pack>,
    /// The organisation's own values for its parameters.
    pub choices: BTreeMap<String, String>,
    /// The roles that somebody in the organisation holds, where it is known.
    pub held: Option<BTreeSet<String>>,
}

/// What a check found.
#[derive(Clone, Debug)]
pub struct Checked {
    /// The regime, if the pack can be put in force: it has no error and no blank.
    pub regime: Option<Regime>,
    /// The pack as one text, with what it extends and with the values that were chosen for it.
    pub yaml: String,
    /// In the order of the lines.
    pub found: Vec<PackError>,
}

impl Regime {
    /// Checks a pack as a whole and finds everything that is wrong, blank or odd.
    pub fn check(pack: &Pack, around: &Surroundings) -> Checked {
        let reader = Reader::new(&pack.file);
        let (yaml, regime) = checked(&reader, pack, around);
        let regime = regime.filter(|_| !reader.has(Gravity::Error) && !reader.has(Gravity::Blank));
        Checked { regime, yaml, found: reader.into_found() }
    }
}

/// The text of the pack as a whole, and the regime as far as it could be read.
pub(crate) fn checked(reader: &Reader, pack: &Pack, around: &Surroundings) -> (String, Option<Regime>) {
    let Some((mut root, is_tailored)) = tailor::complete(reader, pack, &around.shelf) else {
        return (pack.yaml.clone(), None);
    };
    let choices = choices(&root, &around.choices);
    parameters::choose(reader, &mut root, &choices);
    let is_changed = is_tailored || !around.choices.is_empty();
    let yaml = if is_changed { root.to_yaml() } else { pack.yaml.clone() };
    (yaml, examined(reader, &mut root, around.held.as_ref()))
}

/// Settles a complete pack, reads it, and looks at it as a whole.
pub(crate) fn examined(reader: &Reader, root: &mut Node, held: Option<&BTreeSet<String>>) -> Option<Regime> {
    let parameters = parameters::settle(reader, root);
    let (regime, variables) = read::regime(reader, root, parameters)?;
    // What a blank without an example left out is missed wherever it was used.
    if !reader.has(Gravity::Error) && !root.is_broken() {
        whole::inspect(reader, root, &regime, &variables, held);
    }
    Some(regime)
}

/// A choice that nobody placed stands where its parameter is declared.
fn choices(root: &Node, choices: &BTreeMap<String, String>) -> Vec<(Key, String)> {
    let section = root.get("parameters");
    let place = |name: &str| section.and_then(|section| section.get(name)).or(section).unwrap_or(root).line;
    let placed = |(name, value): (&String, &String)| (Key { name: name.clone(), line: place(name) }, value.clone());
    choices.iter().map(placed).collect()
}
