//! The shipped regimes and calendars, built into the binary.

pub use regime::Pack;
use rust_embed::RustEmbed;
use std::borrow::Cow;

#[derive(RustEmbed)]
#[folder = "regimes/"]
struct Regimes;

#[derive(RustEmbed)]
#[folder = "calendars/"]
struct Calendars;

/// The ids of the regimes that a new installation begins with, one in a line.
const DEMONSTRATION: &str = include_str!("../demonstration");

/// What regimes may need, which parts of a pack provide it, and which regimes ask for it.
pub const CAPABILITIES: &str = include_str!("../capabilities.yaml");

/// All shipped regimes, by file name.
pub fn regimes() -> Vec<Pack> {
    let packs = Regimes::iter().filter(|file| file.ends_with(".yaml"));
    packs.filter_map(|file| Some(Pack { yaml: text(Regimes::get(&file)?.data)?, file: file.into_owned() })).collect()
}

/// The regimes that a new installation begins with: those that ask no organisation for a choice of its own.
pub fn demonstration() -> Vec<Pack> {
    DEMONSTRATION.lines().filter_map(regime).collect()
}

/// The shipped regime of this id.
pub fn regime(id: &str) -> Option<Pack> {
    let file = format!("{id}.yaml");
    let yaml = text(Regimes::get(&file)?.data)?;
    Some(Pack { file, yaml })
}

/// The names of all shipped calendars.
pub fn calendars() -> Vec<String> {
    Calendars::iter().filter_map(|file| file.strip_suffix(".csv").map(str::to_owned)).collect()
}

/// The days off and the make-up working days of a jurisdiction, such as `cn`: CSV with `date,kind,name`.
pub fn calendar(name: &str) -> Option<String> {
    text(Calendars::get(&format!("{name}.csv"))?.data)
}

fn text(data: Cow<'static, [u8]>) -> Option<String> {
    String::from_utf8(data.into_owned()).ok()
}

#[cfg(test)]
mod tests;
