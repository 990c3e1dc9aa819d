//! Effects that bring each other about without end.

use super::Whole;
use crate::{Effect, EffectRule, FactRef};

impl Whole<'_> {
    /// A circle of effects in which no rule asks for anything never ends; where one has an `if`, the case decides.
    pub(super) fn circles(&self) {
        let rules: Vec<&EffectRule> = self.regime.effects.iter().filter(|rule| rule.condition.is_always()).collect();
        let next: Vec<Vec<usize>> = rules.iter().map(|rule| self.next(rule, &rules)).collect();
        for start in 0..rules.len() {
            let mut reached = vec![false; rules.len()];
            let mut waiting = vec![start];
            while let Some(next) = waiting.pop().and_then(|place| next.get(place)) {
                for place in next {
                    if let Some(is_reached) = reached.get_mut(*place).filter(|is_reached| !**is_reached) {
                        *is_reached = true;
                        waiting.push(*place);
                    }
                }
            }
            // Told once, at the first rule of the circle.
            let Some(rule) = rules.get(start).filter(|_| reached.get(start) == Some(&true)) else { continue };
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

    /// The places of those that speak when the rule has done what it does.
    fn next(&self, rule: &EffectRule, rules: &[&EffectRule]) -> Vec<usize> {
        let Some(fact) = self.brought_about(&rule.effect) else { return Vec::new() };
        let is_next = |rule: &EffectRule| FactRef::any(&rule.on, &fact.word, fact.arg.as_deref());
        rules.iter().enumerate().filter(|(_, rule)| is_next(rule)).map(|(place, _)| place).collect()
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
