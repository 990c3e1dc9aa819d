//! Effects that bring each other about without end.

use super::Whole;
use crate::{Effect, EffectRule, FactRef};

impl Whole<'_> {
    /// A circle of effects in which no rule asks for anything never ends; where one has an `if`, the case decides.
    pub(super) fn circles(&self) {
        let rules: Vec<&EffectRule> = self.regime.effects.iter().filter(|rule| rule.condition.is_always()).collect();
        let follows = |from: &EffectRule| {
            let fact = self.brought_about(&from.effect);
            let is_next = move |rule: &EffectRule| {
                fact.as_ref().is_some_and(|fact| FactRef::any(&rule.on, &fact.word, fact.arg.as_deref()))
            };
            rules.iter().enumerate().filter(move |(_, rule)| is_next(rule)).map(|(place, _)| place)
        };
        for start in 0..rules.len() {
            let mut reached = Vec::new();
            let mut waiting = vec![start];
            while let Some(rule) = waiting.pop().and_then(|place| rules.get(place)) {
                for next in follows(rule) {
                    if !reached.contains(&next) {
                        reached.push(next);
                        waiting.push(next);
                    }
                }
            }
            // Told once, at the first rule of the circle.
            let Some(rule) = rules.get(start).filter(|_| reached.contains(&start)) else { continue };
            let on = rule.on.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
            let place = self.regime.effects.iter().position(|one| std::ptr::eq(one, *rule));
            let line = place.and_then(|place| self.at(&["effects"]).members().get(place).map(|node| node.line));
            self.reader.fail(
                line.unwrap_or_else(|| self.line(&["effects"])),
                &rule.cite,
                format!("自动后果循环不止：“{on}”引起的后果又引起“{on}”，其中没有一条写明条件(if)"),
                format!("this effect brings itself about for ever: what follows on `{on}` leads back to it, and no rule on the way has an `if`"),
            );
            return;
        }
    }

    /// The fact that an effect brings about each time; none for what ends of itself: a step that is done once, the top of
    /// the ladder, a close.
    fn brought_about(&self, effect: &Effect) -> Option<FactRef> {
        match effect {
            Effect::Do(step) => {
                let may_again = self.regime.steps.iter().any(|one| one.id == step.word && one.again);
                may_again.then(|| step.clone())
            }
            Effect::Order(order) => Some(FactRef::about("ordered", order.as_str())),
            Effect::Reopen(_) => Some(FactRef::new("case-reopened")),
            Effect::Assess { ledger, .. } | Effect::Enter(ledger) => {
                Some(FactRef::about("ledger-entered", ledger.as_str()))
            }
            Effect::Climb(_) | Effect::End(_) | Effect::Open { .. } | Effect::Tell { .. } => None,
        }
    }
}
