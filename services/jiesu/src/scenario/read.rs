//! From a YAML file to a scenario, in one pass that notes every mistake and goes on. Every name is checked against the
//! pack and the organisation before anything is started.

mod calendars;
mod expect;
mod given;
mod hand_in;
mod organisation;
mod steps;
mod when;

use super::{
    reader::{Map, Reader},
    script::Script,
    setting::{self, Setting},
};
use chrono_tz::Tz;
use packs::Pack;
use regime::{Checked, Gravity, PackError, Regime, Surroundings, Word, node::Node};
use std::{cell::RefCell, collections::BTreeMap, path::Path, sync::Arc};

const KEYS: &[&str] =
    &["scenario", "regime", "pack", "also", "parameters", "at", "zone", "organisation", "calendars", "steps"];

/// What the steps of one file are read against.
struct Desk<'a> {
    reader: &'a Reader,
    /// Where the scenario's file lies, and packs beside it.
    file: &'a Path,
    /// Every version that is published before the step that is read: it may use the words of each.
    regimes: RefCell<Vec<Arc<Regime>>>,
    setting: &'a Setting,
    zone: Tz,
}

impl Desk<'_> {
    /// The names of a sort in all versions, each once, those of the first version first.
    fn names<T: AsRef<str>>(&self, of: impl Fn(&Regime) -> Vec<T>) -> Vec<String> {
        let mut all: Vec<String> = Vec::new();
        for regime in self.regimes.borrow().iter() {
            for name in of(regime) {
                if !all.iter().any(|one| one == name.as_ref()) {
                    all.push(name.as_ref().to_owned());
                }
            }
        }
        all
    }
}

/// Reads the scenario in `file`.
///
/// # Errors
/// Everything that is wrong with it, in the order of its lines.
pub(super) fn file(file: &Path) -> Result<Script, Vec<PackError>> {
    let name = file.display().to_string();
    let reader = Reader::new(&name);
    match std::fs::read_to_string(file) {
        Ok(yaml) => text(file, &yaml),
        Err(why) => {
            reader.fail(1, format!("读不到文件：{why}"), format!("it cannot be read: {why}"));
            Err(reader.into_errors())
        }
    }
}

/// Reads a scenario's text; `file` is how its errors name it, and where a pack beside it is looked for.
///
/// # Errors
/// Everything that is wrong with it.
pub(super) fn text(file: &Path, yaml: &str) -> Result<Script, Vec<PackError>> {
    let reader = Reader::new(&file.display().to_string());
    let script = match Node::parse(yaml, 0) {
        Ok(root) => script(&reader, file, &root),
        Err((line, why)) => {
            reader.fail(line.number, format!("不是有效的 YAML：{why}"), format!("it is not YAML: {why}"));
            None
        }
    };
    let errors = reader.into_errors();
    match script {
        Some(script) if errors.is_empty() => Ok(script),
        _ => Err(errors),
    }
}

fn script(reader: &Reader, file: &Path, root: &Node) -> Option<Script> {
    let top = reader.map(root, ("场景", "a scenario"), KEYS);
    let title = top.need("scenario").and_then(|node| reader.scalar(node));
    let zone = match top.get("zone") {
        None => setting::ZONE.parse().ok(),
        Some(node) => {
            reader.parsed(node, ("时区名，如 Asia/Shanghai", "a zone such as Asia/Shanghai"), |t| t.parse().ok())
        }
    };
    let pack = pack(&top, file);
    // Without a pack no name can be judged, and what is wrong with it has been said.
    let (pack, regime) = pack?;
    let beside = top.get("also").map(|node| also(&top, node, file)).unwrap_or_default();
    let (others, also): (Vec<Pack>, Vec<Arc<Regime>>) = beside.into_iter().unzip();
    let regimes: Vec<Arc<Regime>> = std::iter::once(Arc::clone(&regime)).chain(also.iter().cloned()).collect();
    let zone = zone?;
    let mut setting = organisation::read(reader, top.get("organisation"), (pack, others), &roles(&regimes), zone);
    if let Some(node) = top.get("calendars") {
        setting.calendars = calendars::read(reader, node, &regime, &setting);
    }
    let at = top.need("at").and_then(|node| when::instant(reader, node, zone));
    let desk = Desk { reader, file, regimes: RefCell::new(regimes), setting: &setting, zone };
    let steps = top.need("steps").map(|node| desk.steps(node)).unwrap_or_default();
    if steps.is_empty() && top.get("steps").is_some() {
        reader.fail(top.line, "场景没有步骤", "the scenario has no steps");
    }
    let (title, at) = (title?.to_owned(), at?);
    Some(Script { file: file.to_owned(), title, regime, also, setting, zone, at, steps })
}

/// The roles of all of them, each once.
fn roles(regimes: &[Arc<Regime>]) -> Vec<Word> {
    let mut roles: Vec<Word> = Vec::new();
    for role in regimes.iter().flat_map(|regime| &regime.words.roles) {
        if roles.iter().all(|known| known.id != role.id) {
            roles.push(role.clone());
        }
    }
    roles
}

/// The packs that are in force beside the one of the file, each as it is written.
fn also(top: &Map<'_>, node: &Node, file: &Path) -> Vec<(Pack, Arc<Regime>)> {
    let read = |node: &Node| {
        let is_file = top.reader.scalar(node)?.ends_with(".yaml");
        let pack = if is_file { beside(top.reader, node, file) } else { shipped(top.reader, node) };
        checked(top, node.line.number, pack?, &BTreeMap::new())
    };
    node.members().iter().filter_map(read).collect()
}

/// The pack: a shipped one by its id, or a file beside the scenario; with the parameters that the scenario chooses.
fn pack(top: &Map<'_>, file: &Path) -> Option<(Pack, Arc<Regime>)> {
    let reader = top.reader;
    let pack = match (top.get("regime"), top.get("pack")) {
        (Some(node), None) => shipped(reader, node)?,
        (None, Some(node)) => beside(reader, node, file)?,
        (None, None) => {
            top.need("regime");
            return None;
        }
        (Some(_), Some(node)) => {
            reader.fail(node.line.number, "regime 与 pack 只能写一个", "`regime` and `pack` exclude each other");
            return None;
        }
    };
    let choices = parameters(top)?;
    let line = top.get("parameters").or(top.get("pack")).map_or(top.line, |node| node.line.number);
    checked(top, line, pack, &choices)
}

/// A shipped pack, by its id.
fn shipped(reader: &Reader, node: &Node) -> Option<Pack> {
    let id = reader.scalar(node)?;
    let found = packs::regime(id);
    if found.is_none() {
        let all = packs::regimes();
        let ids: Vec<&str> = all.iter().map(|pack| pack.file.trim_end_matches(".yaml")).collect();
        reader.unknown(node.line.number, ("制度", "regime"), id, ids.into_iter());
    }
    found
}

/// A pack in a file of its own; its place is relative to the scenario.
fn beside(reader: &Reader, node: &Node, file: &Path) -> Option<Pack> {
    let path = file.parent().unwrap_or(Path::new(".")).join(reader.scalar(node)?);
    match std::fs::read_to_string(&path) {
        Ok(yaml) => Some(Pack { file: path.display().to_string(), yaml }),
        Err(why) => {
            let (line, path) = (node.line.number, path.display());
            reader.fail(line, format!("读不到规则包 {path}：{why}"), format!("the pack {path} cannot be read: {why}"));
            None
        }
    }
}

/// The pack with these choices; what is wrong with it is told at `line`.
fn checked(top: &Map<'_>, line: u32, pack: Pack, choices: &BTreeMap<String, String>) -> Option<(Pack, Arc<Regime>)> {
    match chosen(pack, choices) {
        Ok(found) => Some(found),
        Err(errors) => {
            for error in errors {
                top.reader.fail(line, format!("{}", error.zh), format!("{}:{}: {}", error.file, error.line, error.en));
            }
            None
        }
    }
}

fn parameters(top: &Map<'_>) -> Option<BTreeMap<String, String>> {
    let Some(node) = top.get("parameters") else { return Some(BTreeMap::new()) };
    let entries = top.reader.entries(node, ("参数", "parameters"));
    let choices = entries.iter().map(|(key, node)| Some((key.name.clone(), top.reader.scalar(node)?.to_owned())));
    choices.collect()
}

/// The pack in which these parameters have other defaults, and blanks the examples that the pack gives. A pack travels as
/// text, and its text is the law; so the choice is written into it, where the default stands.
fn chosen(pack: Pack, choices: &BTreeMap<String, String>) -> Result<(Pack, Arc<Regime>), Vec<PackError>> {
    let around = Surroundings { choices: choices.clone(), ..Surroundings::default() };
    let asked = Pack { file: pack.file.clone(), yaml: pack.yaml.clone() };
    let Checked { found, .. } = Regime::check(&asked, &around);
    let errors: Vec<PackError> = found.into_iter().filter(|found| found.gravity == Gravity::Error).collect();
    if !errors.is_empty() {
        return Err(errors);
    }
    let yaml = with_values(&pack.yaml, choices);
    let regime = Regime::parse(&pack.file, &yaml)?;
    if let Some((name, _)) = choices.iter().find(|(name, choice)| regime.parameters.get(*name) != Some(*choice)) {
        let (zh, en) = (
            format!("参数“{name}”的写法无法替换"),
            format!("the parameter `{name}` is written in a way that cannot be replaced"),
        );
        let (file, clause) = (pack.file, String::new());
        return Err(vec![PackError { file, line: 1, clause, gravity: Gravity::Error, zh, en }]);
    }
    Ok((Pack { file: pack.file, yaml }, Arc::new(regime)))
}

/// The text with these values, and each blank that none is chosen for with its example.
fn with_values(yaml: &str, choices: &BTreeMap<String, String>) -> String {
    let Ok(root) = Node::parse(yaml, 0) else { return yaml.to_owned() };
    let mut lines: Vec<String> = yaml.lines().map(str::to_owned).collect();
    for (key, parameter) in root.get("parameters").map_or(&[][..], Node::pairs) {
        let says = |field| parameter.get(field).and_then(Node::text).map(str::trim);
        let (field, old) = match (says("default"), says("blank")) {
            (Some(old), _) => ("default", old),
            (None, Some(old)) => ("blank", old),
            (None, None) => continue,
        };
        let value = match (choices.get(&key.name), field) {
            (Some(choice), _) => choice.as_str(),
            (None, "blank") => regime::example(parameter).unwrap_or_default(),
            (None, _) => continue,
        };
        let line = parameter.get(field).map_or(0, |node| node.line.number);
        let Some(text) = usize::try_from(line).ok().and_then(|line| lines.get_mut(line.saturating_sub(1))) else {
            continue;
        };
        let value = if value.contains([',', ':', '#']) { format!("{value:?}") } else { value.to_owned() };
        *text = text.replacen(&format!("{field}: {old}"), &format!("default: {value}"), 1);
    }
    lines.join("\n") + "\n"
}

#[cfg(test)]
mod tests;
