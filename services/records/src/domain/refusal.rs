//! The refusals of records, each with its code and both languages.

use super::duties::{Key, Owed};
use facts::Law;
use kit_core::{Problem, Text};
use regime::Regime;

/// A word that is not one of those offered.
pub(crate) fn unknown_word<'a>(field: &str, word: &str, known: impl Iterator<Item = &'a str>) -> Problem {
    let word: String = word.chars().take(40).collect();
    let known = known.collect::<Vec<_>>().join(", ");
    let (zh, en) = if known.is_empty() {
        (format!("“{word}”不可用，这里没有可选项"), format!("“{word}” cannot stand here; there is nothing to choose"))
    } else {
        (format!("“{word}”不在可选项中，可用：{known}"), format!("“{word}” is not one of the choices: {known}"))
    };
    Problem::field(field, "unknown-word", zh, en)
}

pub(crate) fn no_publicity() -> Problem {
    Problem::conflict("no-publicity", "本制度没有这种公示的规定", "The rules know of no such publication")
}

pub(crate) fn already_published() -> Problem {
    Problem::conflict("already-published", "已经公示", "It is published already")
}

/// What must not be the case is.
pub(crate) fn forbids_publishing(nevers: &[&Text], cite: &str) -> Problem {
    let zh: Vec<&str> = nevers.iter().map(|text| text.zh.as_str()).collect();
    let en: Vec<&str> = nevers.iter().map(|text| text.en.as_str()).collect();
    Problem::conflict(
        "forbidden-by-rule",
        format!("有下列情形的不得公示：{}（{cite}）", zh.join("；")),
        format!("It is not published, because of: {} ({cite})", en.join("; ")),
    )
}

/// The rule names another role.
pub(crate) fn not_publisher(regime: &Regime, role: &str, cite: &str) -> Problem {
    let Text { zh, en } = regime.role_title(role);
    Problem::denied("not-permitted", format!("公示须由{zh}进行（{cite}）"), format!("Publishing is for {en} ({cite})"))
}

pub(crate) fn too_long(field: &str, most: usize) -> Problem {
    Problem::field(field, "too-long", format!("不得超过 {most} 字"), format!("At most {most} characters"))
}

/// A text for the public holds what looks like a number or an address of a person.
pub(crate) fn tells_who(field: &str) -> Problem {
    Problem::field(
        field,
        "tells-who",
        "公示内容不得含有电话、证件号码或邮箱等能识别个人的信息",
        "What is published must not hold a telephone number, an identity number or an address",
    )
}

pub(crate) fn bad_day(field: &str) -> Problem {
    Problem::field(field, "bad-day", "日期格式应如 2026-11-01", "Write the day as in 2026-11-01")
}

pub(crate) fn not_permitted(zh: &str, en: &str) -> Problem {
    Problem::denied("not-permitted", zh, en)
}

/// A word that is none of the known ones, with the nearest that is.
pub(crate) fn unknown_near<'a>(field: &str, word: &str, known: impl Iterator<Item = &'a str>) -> Problem {
    let known: Vec<&str> = known.collect();
    match regime::nearest(word, known.iter().copied()) {
        Some(near) => {
            let word: String = word.chars().take(40).collect();
            let (zh, en) =
                (format!("没有“{word}”；是否指“{near}”？"), format!("There is no “{word}”; did you mean “{near}”?"));
            Problem::field(field, "unknown-word", zh, en)
        }
        None => unknown_word(field, word, known.into_iter()),
    }
}

/// A duty that was not opened; told at the first part of its key that is wrong.
pub(crate) fn unknown_duty(law: &Law, key: &Key, periods: &[String]) -> Problem {
    let regimes = || law.published().map(|(regime, ..)| regime).filter(|regime| regime.id == key.regime_id);
    let duties = || regimes().flat_map(|regime| &regime.records.duties).map(|duty| duty.id.as_str());
    if regimes().next().is_none() {
        let known: std::collections::BTreeSet<&str> = law.published().map(|(regime, ..)| regime.id.as_str()).collect();
        return unknown_near("regime_id", &key.regime_id, known.into_iter());
    }
    if !duties().any(|duty| duty == key.duty) {
        return unknown_near("duty", &key.duty, duties());
    }
    if law.directory().unit(&key.unit_id).is_none() {
        return unknown_near("unit_id", &key.unit_id, law.directory().units().map(|unit| unit.id.as_str()));
    }
    unknown_near("period", &key.period, periods.iter().map(String::as_str))
}

/// A duty is done by the holders of its role.
pub(crate) fn not_owner(regime: Option<&Regime>, owed: &Owed) -> Problem {
    let title = regime.map_or_else(|| Text::new(&owed.role, &owed.role), |regime| regime.role_title(&owed.role));
    let cite = &owed.cite;
    Problem::denied(
        "not-permitted",
        format!("本任务由{}完成（{cite}）", title.zh),
        format!("This duty is for {} ({cite})", title.en),
    )
}
