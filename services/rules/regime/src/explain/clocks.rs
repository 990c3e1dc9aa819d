//! The clocks of a regime in sentences.

use super::Page;
use crate::{Clock, Length, Office, Pause, Reminder, ReminderAt, Term, Together};
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
            let (from, until) = (self.fact(&clock.from), self.fact(&clock.until));
            let only = self.only(&clock.condition);
            let what =
                self.say(&format!("{only}自“{from}”至“{until}”"), &format!("{only}from \"{from}\" to \"{until}\""));
            self.item(&what, "");
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
        let take: Vec<String> = term.take.iter().map(|length| self.length(*length)).collect();
        let take = match (take.len(), term.together) {
            (0 | 1, _) => take.join(""),
            (_, Together::Earlier) => self.say("以下先到者：", "the earliest of ") + &take.join(&self.say("、", ", ")),
            (_, Together::Later) => self.say("以下后到者：", "the latest of ") + &take.join(&self.say("、", ", ")),
            (_, Together::Asked) if term.take.contains(&Length::Asked) => {
                let rest: Vec<String> =
                    term.take.iter().filter(|l| **l != Length::Asked).map(|l| self.length(*l)).collect();
                let rest = rest.join(&self.say("、", ", "));
                self.say(
                    &format!("{rest}；投诉人提出日期的，以该日期为准"),
                    &format!("{rest}; the date that the complainant asked for, where there is one"),
                )
            }
            (_, Together::Asked) => self.say("以下先到者：", "the earliest of ") + &take.join(&self.say("、", ", ")),
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
        if let Some(anew) = &clock.anew {
            let anew = self.fact(anew);
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
            let rung = usize::try_from(step.climb).ok().and_then(|climb| self.regime.ladder.get(climb.checked_sub(1)?));
            let role = rung.map(|rung| self.role(&rung.role)).unwrap_or_default();
            let after = step.after.map(|length| self.length(length));
            let when = match after {
                Some(after) => self.say(&format!("超期 {after}后"), &format!("{after} after that")),
                None => self.say("超期时", "When it is missed"),
            };
            let what = self.say(&format!("{when}上报{role}"), &format!("{when}: up to the {role}"));
            self.item(&what, "");
        }
        if let Some(overrun) = clock.overrun.as_ref().filter(|overrun| overrun.on_approval) {
            let cap = match overrun.cap {
                Some(cap) => self.say("，最多", ", by at most ") + &self.length(cap),
                None => self.say("，原文未设上限", "; the text sets no maximum"),
            };
            let what = self.say("经批准可以延长", "May be overrun on approval") + &cap;
            self.item(&what, &overrun.cite);
        }
    }

    fn pause(&self, pause: &Pause) -> String {
        let (from, until, only) = (self.fact(&pause.from), self.fact(&pause.until), self.only(&pause.condition));
        let cap = pause.cap.map(|cap| self.say("，最多", ", at most ") + &self.length(cap)).unwrap_or_default();
        self.say(
            &format!("{only}自“{from}”至“{until}”的时间不计入{cap}"),
            &format!("{only}time from \"{from}\" to \"{until}\" is not counted{cap}"),
        )
    }

    fn reminder(&self, reminder: &Reminder) -> String {
        let tell: Vec<String> = reminder.tell.iter().map(|role| self.role(role)).collect();
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

    fn office(&self, office: Office) -> String {
        match office {
            Office::Open => self.say("上班时间", "in office hours"),
            Office::Break => self.say("午休时间", "in the noon break"),
            Office::Closed => self.say("下班后", "outside office hours"),
            Office::DayOff => self.say("休息日", "on a day off"),
        }
    }
}
