//! What people granted on a clock, and what its miss brought about, each with its clause.

use super::ends;
use super::wording::{cited, instant};
use crate::count::Counting;
use crate::state::{ClockState, Grant, What};
use kit_core::Text;
use regime::{Clock, Counts, Effect, Length, Regime};

/// Each grant in a line.
pub(super) fn lines(counting: &Counting<'_>, rule: Option<&Clock>, clock: &ClockState) -> Vec<Text> {
    clock.grants.iter().map(|grant| line(counting, rule, clock, grant)).collect()
}

fn line(counting: &Counting<'_>, rule: Option<&Clock>, clock: &ClockState, grant: &Grant) -> Text {
    let tier = usize::try_from(grant.tier).ok().and_then(|tier| tier.checked_sub(1));
    let tier = tier.and_then(|tier| rule?.extend.get(tier));
    let overrun = rule.and_then(|rule| rule.overrun.as_ref()).map(|overrun| &*overrun.cite);
    let cite = cited(tier.map(|tier| &*tier.cite).or(overrun).unwrap_or_default());
    let ground = tier.and_then(|tier| tier.ground.clone());
    let ground =
        ground.map_or_else(Text::default, |text| Text::new(format!("({})", text.zh), format!(" ({})", text.en)));
    let when = instant(grant.at, counting.zone);
    let end = match grant.by {
        None => ends("经批准延期至", "More time granted, until", &grant.due, counting),
        Some(by) => {
            let by = by.title();
            let (zh, en) = match tier.map_or(Counts::FromEnd, |tier| tier.counts) {
                Counts::FromEnd => ("自原期限届满起", "on from the end of the term"),
                Counts::FromStart => ("与原期限合并自起算日", "with the term, from its start"),
            };
            let zh = format!("{when} 批准延期 {},{zh}计算，至", by.zh);
            ends(&zh, &format!("{when}: {} more granted, counted {en}, until", by.en), &grant.due, counting)
        }
    };
    let provisional =
        if grant.due.is_provisional && !clock.due.is_provisional { ("(暂定)", " (provisional)") } else { ("", "") };
    Text::new(end.zh + &ground.zh + &cite.zh + provisional.0, end.en + &ground.en + &cite.en + provisional.1)
}

/// What came of a miss beside a climb.
pub(super) fn brought(regime: &Regime, rule: &Clock, clock: &ClockState) -> Vec<Text> {
    let fired = clock.marks.iter().filter(|mark| mark.is_fired);
    let steps = fired.flat_map(|mark| match &mark.what {
        What::Missed { .. } => rule.missed.iter().filter(|step| step.after.is_none()).collect::<Vec<_>>(),
        What::Overdue { step, .. } => {
            let later = rule.missed.iter().filter(|step| step.after.is_some());
            later.skip(usize::try_from(*step).unwrap_or(usize::MAX).saturating_sub(1)).take(1).collect()
        }
        What::Near { .. } => Vec::new(),
    });
    steps
        .flat_map(|step| step.effects.iter().map(move |effect| (step, effect)))
        .map(|(step, effect)| effect_line(regime, step.after, effect, &step.cite))
        .collect()
}

fn effect_line(regime: &Regime, after: Option<Length>, effect: &Effect, cite: &str) -> Text {
    let when = after.map_or_else(
        || Text::new("超期", "Missed"),
        |after| {
            let after = after.title();
            Text::new(format!("超期 {}", after.zh), format!("Overdue for {}", after.en))
        },
    );
    let what = regime::effect_title(regime, effect);
    let cite = cited(cite);
    Text::new(format!("{}:{}{}", when.zh, what.zh, cite.zh), format!("{}: {}{}", when.en, what.en, cite.en))
}
