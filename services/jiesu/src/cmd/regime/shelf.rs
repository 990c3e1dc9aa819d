//! Where packs come from: files, and those that are shipped. A pack may extend any shipped one, and any beside it.

use super::One;
use anyhow::{Context as _, Result, bail};
use regime::node::{Key, Node};
use regime::{Checked, Gravity, Pack, PackError, Regime, Surroundings};
use std::path::Path;

/// The packs at hand for a file or an id.
pub(super) struct Shelf {
    pub(super) pack: Pack,
    pub(super) others: Vec<Pack>,
}

impl Shelf {
    /// The pack of this name: a file, or the id of a shipped one.
    ///
    /// # Errors
    /// There is neither; with the nearest id. Or the file is not text, and where.
    pub(super) fn find(name: &str) -> Result<Self> {
        let path = Path::new(name);
        if path.is_file() {
            let mut others = beside(path);
            others.extend(packs::regimes());
            return Ok(Self { pack: read(path)?, others });
        }
        let shipped = packs::regimes();
        if let Some(pack) = shipped.iter().find(|pack| pack.id() == Some(name)) {
            return Ok(Self { pack: pack.clone(), others: shipped });
        }
        match regime::nearest(name, shipped.iter().filter_map(Pack::id)) {
            Some(near) => {
                bail!("没有文件或规则包 {name},是否指 {near}? / there is no file or pack {name}; did you mean {near}?")
            }
            None => bail!("没有文件或规则包 {name} / there is no file or pack {name}"),
        }
    }

    /// Everything that is to be said of it.
    pub(super) fn checked(&self, around: Surroundings) -> Checked {
        Regime::check(&self.pack, &Surroundings { shelf: self.others.clone(), ..around })
    }

    /// The regime and its complete text.
    ///
    /// # Errors
    /// The pack cannot be put in force: every place, and why.
    pub(super) fn usable(one: &One) -> Result<(Regime, String)> {
        let choices = one.choices.iter().cloned().collect();
        let shelf = Self::find(&one.pack)?;
        let checked = shelf.checked(Surroundings { choices, ..Surroundings::default() });
        let Some(regime) = checked.regime else {
            let faults = checked.found.iter().filter(|found| found.gravity != Gravity::Warning);
            let lines: Vec<String> = faults.map(told).collect();
            bail!("规则包不能使用 / the pack cannot be used\n{}", lines.join("\n"));
        };
        Ok((regime, checked.yaml))
    }
}

/// The choices for a pack that is to be read: those that were made, and its own example for each blank that is left; answers
/// which those are.
///
/// # Errors
/// There is no such pack.
pub(super) fn with_examples(one: &One) -> Result<(One, Vec<(String, String)>)> {
    let choices = one.choices.iter().cloned().collect();
    let text = Shelf::find(&one.pack)?.checked(Surroundings { choices, ..Surroundings::default() }).yaml;
    let root = Node::parse(&text, 0).ok();
    let parameters = root.as_ref().and_then(|root| root.get("parameters")).map(Node::pairs).unwrap_or_default();
    let example = |(key, node): &(Key, Node)| {
        node.get("blank")?;
        let is_chosen = one.choices.iter().any(|(name, _)| *name == key.name);
        let example = regime::example(node)?;
        (!is_chosen).then(|| (key.name.clone(), example.to_owned()))
    };
    let examples: Vec<(String, String)> = parameters.iter().filter_map(example).collect();
    let choices = one.choices.iter().chain(&examples).cloned().collect();
    Ok((One { pack: one.pack.clone(), choices }, examples))
}

/// A finding as a person at a terminal reads it.
pub(super) fn told(found: &PackError) -> String {
    let (zh, en) = match found.gravity {
        Gravity::Error => ("错误", "error"),
        Gravity::Blank => ("空白", "blank"),
        Gravity::Warning => ("提示", "warning"),
    };
    let clause = if found.clause.is_empty() { String::new() } else { format!(" [{}]", found.clause) };
    format!("{}:{}{clause} {zh}:{} / {en}: {}", found.file, found.line, found.zh, found.en)
}

fn read(path: &Path) -> Result<Pack> {
    let file = path.display().to_string();
    let bytes = std::fs::read(path).with_context(|| format!("无法读取 / cannot read {file}"))?;
    match String::from_utf8(bytes) {
        Ok(yaml) => Ok(Pack { file, yaml }),
        Err(error) => {
            let good = error.as_bytes().get(..error.utf8_error().valid_up_to()).unwrap_or_default();
            let line = good.iter().filter(|byte| **byte == b'\n').count() + 1;
            bail!("{file}:{line} 不是 UTF-8 文本 / this is not UTF-8 text");
        }
    }
}

/// The other packs in the folder; what cannot be read is none.
fn beside(path: &Path) -> Vec<Pack> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let files = std::fs::read_dir(folder).into_iter().flatten().filter_map(|entry| Some(entry.ok()?.path()));
    let mut files: Vec<_> =
        files.filter(|file| file.extension().is_some_and(|ext| ext == "yaml") && file != path).collect();
    files.sort();
    files.iter().filter_map(|file| read(file).ok()).collect()
}
