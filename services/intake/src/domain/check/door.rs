//! The door: an open branch, a regime in force there for the kind, and a channel that the regime opens.

use crate::domain::{doors, draft::Draft, nearest::nearest, wrong::Wrong};
use chrono::{DateTime, NaiveDate, Utc};
use facts::Law;
use kit_core::{Class, Problem};
use organisation::{Directory, Unit};
use regime::{Channel, Regime};
use std::sync::Arc;

/// An open door, and the law that stands behind it.
pub(crate) struct Door {
    pub(crate) unit_id: String,
    pub(crate) regime: Arc<Regime>,
    pub(crate) version: u32,
    pub(crate) channel: Channel,
    /// The present day where the unit is.
    pub(crate) today: NaiveDate,
}

impl Door {
    /// Whether one may come in without a member of staff who writes it down.
    pub(crate) fn open_to_public(&self) -> Result<(), Problem> {
        if self.channel.is_open_to_public() {
            return Ok(());
        }
        Err(Problem::new(
            Class::Denied,
            "recorded-by-staff",
            format!("“{}”渠道须由工作人员登录后登记", self.channel.title.zh),
            format!(
                "What comes by \u{201c}{}\u{201d} is written down by staff who have signed in",
                self.channel.title.en
            ),
        )
        .with_field("channel", "此渠道须由工作人员登记", "This channel is recorded by staff"))
    }
}

/// Finds the door, or notes why there is none.
pub(crate) fn open(
    wrong: &mut Wrong,
    draft: &Draft,
    law: &Law,
    received_at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Option<Door> {
    let unit = branch(wrong, draft, law.directory())?;
    let zone = doors::zone(law.directory(), &unit.id);
    let received_on = received_at.with_timezone(&zone).date_naive();
    let asked = Asked { unit: &draft.unit_id, kind: &draft.kind, regime_id: &draft.regime_id };
    let (regime, version) = in_force(wrong, &asked, law, received_on)?;
    let channel = regime.door(&draft.channel, &draft.kind).cloned();
    let Some(channel) = channel else {
        closed_channel(wrong, draft, &regime);
        return None;
    };
    Some(Door { unit_id: unit.id.clone(), regime, version, channel, today: now.with_timezone(&zone).date_naive() })
}

fn branch<'a>(wrong: &mut Wrong, draft: &Draft, directory: &'a Directory) -> Option<&'a Unit> {
    match directory.unit(&draft.unit_id) {
        Some(unit) if unit.kind == "department" => {
            wrong.add(
                "unit_id",
                "not-a-branch",
                "请选择分支机构;部门填在“被投诉部门”一栏",
                "Choose the branch; a department goes into \u{201c}department complained of\u{201d}",
            );
            None
        }
        Some(unit) if unit.is_closed => {
            wrong.add(
                "unit_id",
                "closed-branch",
                format!("{}已停止受理", unit.name.zh),
                format!("{} no longer takes anything in", unit.name.en),
            );
            None
        }
        Some(unit) => Some(unit),
        None => {
            unknown_branch(wrong, draft, directory);
            None
        }
    }
}

fn unknown_branch(wrong: &mut Wrong, draft: &Draft, directory: &Directory) {
    let names = directory.units().filter(|u| !u.is_closed).flat_map(|u| [u.id.as_str(), &u.name.zh, &u.name.en]);
    let meant = nearest(&draft.unit_id, names)
        .and_then(|name| directory.units().find(|u| u.id == name || u.name.zh == name || u.name.en == name));
    let (zh, en) = meant.map_or_else(Default::default, |unit| {
        (
            format!(";您要找的是否为“{}”({})?", unit.name.zh, unit.id),
            format!("; did you mean \u{201c}{}\u{201d} ({})?", unit.name.en, unit.id),
        )
    });
    wrong.add("unit_id", "unknown-branch", format!("没有这个分支机构{zh}"), format!("There is no such branch{en}"));
}

/// Which regime is asked for: by the unit, the kind, and its id where there are several.
pub(crate) struct Asked<'a> {
    pub(crate) unit: &'a str,
    pub(crate) kind: &'a str,
    pub(crate) regime_id: &'a str,
}

/// The regime in force on that day, or a note why there is none.
pub(super) fn in_force(wrong: &mut Wrong, asked: &Asked<'_>, law: &Law, day: NaiveDate) -> Option<(Arc<Regime>, u32)> {
    let regimes = doors::in_force(law, asked.unit, day);
    if regimes.is_empty() {
        wrong.add(
            "unit_id",
            "no-open-door",
            "该单位当日没有施行中的制度",
            "No regime is in force at this unit on that day",
        );
        return None;
    }
    if !asked.regime_id.is_empty() && !regimes.iter().any(|one| one.regime.id == asked.regime_id) {
        unknown_regime(wrong, asked, &regimes);
        return None;
    }
    let named = |regime: &Regime| asked.regime_id.is_empty() || regime.id == asked.regime_id;
    let found = law.regimes_for(asked.unit, asked.kind, day).into_iter().find(|(regime, _)| named(regime));
    if found.is_some() && !asked.kind.is_empty() {
        return found;
    }
    unknown_kind(wrong, asked, &regimes);
    None
}

fn unknown_kind(wrong: &mut Wrong, asked: &Asked<'_>, regimes: &[doors::InForce]) {
    let words = || regimes.iter().flat_map(|one| &one.regime.words.kinds);
    let meant = nearest(asked.kind, words().map(|k| k.id.as_str())).and_then(|id| words().find(|k| k.id == id));
    let (zh, en) = meant.map_or_else(Default::default, |kind| {
        (
            format!(";您要找的是否为“{}”({})?", kind.title.zh, kind.id),
            format!("; did you mean \u{201c}{}\u{201d} ({})?", kind.title.en, kind.id),
        )
    });
    wrong.add("kind", "unknown-kind", format!("这里不受理此类型{zh}"), format!("This kind is not taken in here{en}"));
}

fn unknown_regime(wrong: &mut Wrong, asked: &Asked<'_>, regimes: &[doors::InForce]) {
    let meant = nearest(asked.regime_id, regimes.iter().map(|one| one.regime.id.as_str()));
    wrong.add(
        "regime_id",
        "unknown-regime",
        format!("该单位当日没有施行这项制度{}", meant.map(|id| format!(";是否为 {id}?")).unwrap_or_default()),
        format!(
            "This regime is not in force at this unit on that day{}",
            meant.map(|id| format!("; did you mean {id}?")).unwrap_or_default()
        ),
    );
}

fn closed_channel(wrong: &mut Wrong, draft: &Draft, regime: &Regime) {
    let open: Vec<&str> = regime.channels.iter().filter(|c| c.takes(&draft.kind)).map(|c| c.id.as_str()).collect();
    let meant = nearest(&draft.channel, open.iter().copied());
    wrong.add(
        "channel",
        "closed-channel",
        format!("此渠道未开放(开放:{}){}", open.join("、"), meant.map(|m| format!(";是否为 {m}?")).unwrap_or_default()),
        format!(
            "This channel is not open (open: {}){}",
            open.join(", "),
            meant.map(|m| format!("; did you mean {m}?")).unwrap_or_default()
        ),
    );
}
