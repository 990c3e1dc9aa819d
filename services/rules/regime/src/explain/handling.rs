//! What must come first, who approves, who may do what.

use super::Page;
use crate::Condition;
use std::collections::BTreeMap;

impl Page<'_> {
    /// The condition before a rule; nothing where it always holds.
    pub(super) fn only(&self, condition: &Condition) -> String {
        self.pick(&condition.only(self.regime))
    }

    pub(super) fn handling(&mut self) {
        let regime = self.regime;
        if !regime.guards.is_empty() {
            self.section("前置条件", "What must come first");
        }
        for guard in &regime.guards {
            let before: Vec<String> = guard.before.iter().map(|step| self.step(step)).collect();
            let needs: Vec<String> = guard.needs.iter().map(|fact| self.fact(fact)).collect();
            let (before, needs) = (before.join(&self.say("、", ", ")), needs.join(&self.say("、", ", ")));
            let only = self.only(&guard.condition);
            let rule = match needs.is_empty() {
                true => self.say(&format!("不得“{before}”"), &format!("\"{before}\" is not to be done")),
                false => {
                    self.say(&format!("“{before}”之前须已“{needs}”"), &format!("before \"{before}\" comes \"{needs}\""))
                }
            };
            let what = format!("{only}{rule}{}{}", self.say("：", ": "), self.pick(&guard.say));
            self.item(&what, &guard.cite);
        }
        if !regime.approvals.is_empty() {
            self.section("审批", "Approvals");
        }
        for approval in &regime.approvals {
            let of = self.approvable(&approval.of);
            let by: Vec<String> = approval.by.iter().map(|role| self.role(role)).collect();
            let by = self.say("须经", " is approved by the ")
                + &by.join(&self.say("、再经", ", then by the "))
                + &self.say("批准", "");
            let what = self.only(&approval.condition) + &of + &by;
            self.item(&what, &approval.cite);
        }
        if !regime.guidance.is_empty() {
            self.section("办理提示（不作强制）", "Advice, which binds nobody");
        }
        for guidance in &regime.guidance {
            let at = self.step(&guidance.at);
            let what =
                format!("{}{}{at}{}", self.only(&guidance.condition), self.say("“", "\""), self.say("”时：", "\": "))
                    + &self.pick(&guidance.say);
            self.item(&what, &guidance.cite);
        }
    }

    pub(super) fn who(&mut self) {
        self.section("权限", "Who may do what");
        let mut may: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for (command, roles) in &self.regime.who {
            for role in roles {
                may.entry(role).or_default().push(self.step(command));
            }
        }
        let rows: Vec<(String, String)> =
            may.into_iter().map(|(role, steps)| (self.role(role), steps.join(&self.say("、", ", ")))).collect();
        for (role, steps) in rows {
            let what = format!("{role}{}{steps}", self.say("：", ": "));
            self.item(&what, "");
        }
    }
}
