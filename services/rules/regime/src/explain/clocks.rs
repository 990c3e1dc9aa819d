//! The clocks of a regime in sentences.

use super::Page;
use crate::{Clock, Effect, Extend, ExtendBy, Length, Office, Pause, Reminder, ReminderAt, Suspend, Term, Together};
use std::fmt::Write as _;

impl Page<'_> {
    pub(super) fn clocks(&mut self) {
        if self.regime.clocks.is_empty() {
            return;
        }
        self.section("时限", "Clocks");
        for clock in &self.regime.clocks {
            let (title, cite) = (self.pick(&clock.title), self.cited(&clock.cite));
            let _ = write!(self.text, "### {title}{cite}\n\n");
            let (from, until) = (self.facts(&clock.from), self.facts(&clock.until));
            let only = self.only(&clock.condition);
            let what =
                self.say(&format!("{only}自“{from}”至“{until}”"), &format!("{only}from \"{from}\" to \"{until}\""));
            self.item(&what, "");
            self.beginnings(clock);
            for term in &clock.within {
                let what = self.term(clock, term);
                // A length that is the clock's own rests on the clause in the title.
                let cite = if term.cite == clock.cite { "" } else { term.cite.as_str() };
                self.item(&what, cite);
            }
            self.course(clock);
            self.text.push('\n');
        }
    }

    fn term(&self, clock: &Clock, term: &Term) -> String {
        if term.is_absent() {
            let what = self.say("原文没有写明期限，不计时", "the text sets no number, so nothing is counted");
            return self.only(&term.condition) + &what;
        }
        let take: Vec<String> = term.take.iter().map(|length| self.length(*length)).collect();
        let take = match (take.len(), term.together) {
            (0 | 1, _) => take.join(""),
            (_, Together::Later) => self.say("以下后到者：", "the latest of ") + &take.join(&self.say("、", ", ")),
            (_, Together::Asked) if term.take.iter().any(|length| is_named(*length)) => {
                let rest: Vec<String> =
                    term.take.iter().filter(|length| !is_named(**length)).map(|length| self.length(*length)).collect();
                let mut said = rest.join(&self.say("、", ", "));
                if term.take.contains(&Length::Asked) {
                    said += &self.say(
                        "；投诉人提出日期的，以该日期为准",
                        "; the date that the complainant asked for, where there is one",
                    );
                }
                if term.take.contains(&Length::Set) {
                    said += &self.say("；另行确定日期的，以该日期为准", "; the date that is set, where there is one");
                }
                said
            }
            (_, Together::Asked | Together::Earlier) => {
                self.say("以下先到者：", "the earliest of ") + &take.join(&self.say("、", ", "))
            }
        };
        let during: Vec<String> = term.during.iter().map(|office| self.office(*office)).collect();
        let during = match during.len() {
            0 => String::new(),
            _ => {
                let during = during.join(&self.say("、", ", "));
                self.say(&format!("{during}开始的，"), &format!("If it begins {during}: "))
            }
        };
        let advisory = if clock.advisory || term.advisory {
            self.say("（不宜超过，超过不算违反）", " (a target; exceeding it is no breach)")
        } else {
            String::new()
        };
        self.only(&term.condition) + &during + &take + &advisory
    }

    /// What happens while it runs and when it is missed.
    fn course(&mut self, clock: &Clock) {
        if !clock.anew.is_empty() {
            let anew = self.facts(&clock.anew);
            let what = self.say(&format!("“{anew}”后重新计算"), &format!("Counted anew from \"{anew}\""));
            self.item(&what, "");
        }
        for pause in &clock.paused {
            let what = self.pause(pause);
            self.item(&what, &pause.cite);
        }
        for reminder in &clock.remind {
            let what = self.reminder(reminder);
            self.item(&what, "");
        }
        for step in &clock.missed {
            let when = match step.after.map(|length| self.length(length)) {
                Some(after) => self.say(&format!("超期 {after}后"), &format!("{after} after that")),
                None => self.say("超期时", "When it is missed"),
            };
            let brings = self.brings(step.climb, &step.effects);
            let what = self.say(&format!("{when}{brings}"), &format!("{when}: {brings}"));
            // A step that rests on the clock's own clause says nothing new by it.
            let cite = if step.cite == clock.cite { "" } else { step.cite.as_str() };
            self.item(&what, cite);
        }
        if let Some(overrun) = clock.overrun.as_ref().filter(|overrun| overrun.on_approval) {
            let cap = match overrun.cap {
                Some(cap) => self.say("，最多", ", by at most ") + &self.length(cap),
                None => self.say("，原文未设上限", "; the text sets no maximum"),
            };
            let what = self.say("经批准可以延长", "May be overrun on approval") + &cap;
            self.item(&what, &overrun.cite);
        }
        for tier in &clock.extend {
            let what = self.tier(tier);
            self.item(&what, &tier.cite);
        }
        if let Some(suspend) = &clock.suspend {
            let what = self.suspension(suspend);
            self.item(&what, &suspend.cite);
        }
    }

    /// Other ways in which it starts, and facts that end it unanswered.
    fn beginnings(&mut self, clock: &Clock) {
        if !clock.or_after.is_empty() {
            let fact = self.facts(&clock.or_after);
            let what = self
                .say(&format!("届时未发生的，自“{fact}”起"), &format!("If that has not come by then, from \"{fact}\""));
            self.item(&what, "");
        }
        if clock.is_from_date {
            let what = self.say("自确定的日期起算", "Counted from the date that is set");
            self.item(&what, "");
        }
        for fact in &clock.dropped {
            let fact = self.fact(fact);
            let what = self.say(
                &format!("“{fact}”使其终止，不计为按期或超期"),
                &format!("\"{fact}\" ends it, neither kept nor missed"),
            );
            self.item(&what, "");
        }
    }

    fn tier(&self, tier: &Extend) -> String {
        let by = match tier.by {
            ExtendBy::Whole(length) => self.say("可延长 ", "may be lengthened by ") + &self.length(length),
            ExtendBy::Date { cap } => {
                let cap = cap.map(|cap| self.say("，最多 ", ", at most ") + &self.length(cap)).unwrap_or_default();
                self.say("可延至另行确定的日期", "may be lengthened until a day that is decided") + &cap
            }
        };
        self.only(&tier.condition)
            + &self.ground(tier.ground.as_ref())
            + &by
            + &self.times(tier.times)
            + &self.by_whom(tier.approve.as_ref())
            + &if tier.on_notice {
                self.say("，告知即可，无须批准", ", on notice, without an approval")
            } else {
                String::new()
            }
    }

    fn suspension(&self, suspend: &Suspend) -> String {
        let cap = suspend
            .cap
            .map(|cap| self.say("，每次最多 ", ", each time at most ") + &self.length(cap))
            .unwrap_or_default();
        let what = self.say("可以挂账，其间不计时", "may be suspended, and stands still meanwhile");
        self.only(&suspend.condition)
            + &self.ground(suspend.ground.as_ref())
            + &what
            + &cap
            + &self.times(suspend.times)
            + &self.by_whom(suspend.approve.as_ref())
    }

    fn ground(&self, ground: Option<&kit_core::Text>) -> String {
        ground.map(|ground| self.pick(ground) + &self.say("的，", ": ")).unwrap_or_default()
    }

    fn times(&self, times: Option<u32>) -> String {
        match times {
            Some(1) => self.say("，一次", ", once"),
            Some(times) => self.say(&format!("，最多 {times} 次"), &format!(", at most {times} times")),
            None => String::new(),
        }
    }

    fn by_whom(&self, role: Option<&String>) -> String {
        role.map(|role| self.say("，由", ", approved by the ") + &self.role(role) + &self.say("批准", ""))
            .unwrap_or_default()
    }

    /// What a failure brings about.
    pub(super) fn brings(&self, climb: u32, effects: &[Effect]) -> String {
        let climb = (climb > 0).then_some(Effect::Climb(climb));
        let all: Vec<String> = climb.iter().chain(effects).map(|effect| self.effect(effect)).collect();
        all.join(&self.say("；", "; "))
    }

    /// Failures that are no time limits.
    pub(super) fn breaches(&mut self) {
        if !self.regime.breaches.is_empty() {
            self.section("不以时限衡量的失职", "Failures that are no time limits");
        }
        for breach in &self.regime.breaches {
            let (title, on, only) = (self.pick(&breach.title), self.facts(&breach.on), self.only(&breach.condition));
            let brings = self.brings(breach.climb, &breach.effects);
            let (zh, en) = if breach.is_once { ("第一次", "the first") } else { ("每次", "each") };
            let what = self.say(
                &format!("{title}：{only}{zh}“{on}”，{brings}"),
                &format!("{title}: {only}{en} \"{on}\" brings {brings}"),
            );
            self.item(&what, &breach.cite);
        }
    }

    fn pause(&self, pause: &Pause) -> String {
        let (from, until, only) = (self.facts(&pause.from), self.facts(&pause.until), self.only(&pause.condition));
        let cap = pause.cap.map(|cap| self.say("，最多", ", at most ") + &self.length(cap)).unwrap_or_default();
        self.say(
            &format!("{only}自“{from}”至“{until}”的时间不计入{cap}"),
            &format!("{only}time from \"{from}\" to \"{until}\" is not counted{cap}"),
        )
    }

    fn reminder(&self, reminder: &Reminder) -> String {
        let told = |who: &String| match who.as_str() {
            "complainant" => self.say("投诉人", "complainant"),
            "respondent" => self.say("被投诉人", "respondent"),
            role => self.role(role),
        };
        let tell: Vec<String> = reminder.tell.iter().map(told).collect();
        let tell = tell.join(&self.say("、", ", "));
        match reminder.at {
            ReminderAt::Percent(percent) => self.say(
                &format!("时间过去 {percent}% 时提醒{tell}"),
                &format!("When {percent}% has passed: reminds {tell}"),
            ),
            ReminderAt::Before(length) => {
                let length = self.length(length);
                self.say(&format!("到期前 {length}提醒{tell}"), &format!("{length} before: reminds {tell}"))
            }
        }
    }

    pub(super) fn office(&self, office: Office) -> String {
        match office {
            Office::Open => self.say("上班时间", "in office hours"),
            Office::Break => self.say("午休时间", "in the noon break"),
            Office::Closed => self.say("下班后", "outside office hours"),
            Office::DayOff => self.say("休息日", "on a day off"),
        }
    }
}

/// A date that somebody names governs where there is one.
fn is_named(length: Length) -> bool {
    matches!(length, Length::Asked | Length::Set)
}
