//! How a matter comes in, in sentences: the doors, what is not taken, what belongs together, and taking it back.

use super::Page;
use crate::{Alike, Channel, Ground, Outcome, Repeat, While, Withdrawn};

impl Page<'_> {
    pub(super) fn doors(&mut self) {
        let regime = self.regime;
        self.section("受理渠道", "Doors");
        for channel in &regime.channels {
            let what = self.door(channel);
            self.item(&what, &channel.cite);
        }
        self.together();
        if regime.scope.is_empty() {
            return;
        }
        self.section("不予受理的情形", "What is not taken");
        for ground in &regime.scope {
            let what = self.not_taken(ground);
            self.item(&what, &ground.cite);
        }
    }

    fn door(&self, channel: &Channel) -> String {
        let mut what = self.pick(&channel.title);
        if !channel.kinds.is_empty() {
            let kinds: Vec<String> = channel.kinds.iter().map(|kind| self.kind(kind)).collect();
            what += &self.say("（", " (");
            what += &kinds.join(&self.say("、", ", "));
            what += &self.say("）", ")");
        }
        let by: Vec<String> = channel.recorded_by.iter().map(|role| self.role(role)).collect();
        let by = match by.is_empty() {
            true => self.say("公众自行提交", "open to the public"),
            false => {
                let by = by.join(&self.say("或", " or the "));
                self.say(&format!("由{by}登记"), &format!("recorded by the {by}"))
            }
        };
        what += &self.say("：", ": ");
        what += &by;
        let needs: Vec<String> = channel.requires.iter().map(|field| self.field(field)).collect();
        if !needs.is_empty() {
            what += &self.say("；须有", "; needs ");
            what += &needs.join(&self.say("、", ", "));
        }
        what += &match channel.identity.as_str() {
            "anonymous" => self.say("；可匿名", "; may be anonymous"),
            "named" => self.say("；须署名", "; with a name"),
            "real-name" => self.say("；须实名核验", "; with a proven identity"),
            _ => self.say("；不得匿名", "; not anonymous"),
        };
        if channel.is_sealed {
            what += &self.say("；密封，只由承办人阅读", "; sealed for whoever handles it");
        }
        if channel.gives_receipt {
            what += &self.say("；当场出具回执", "; a receipt on the spot");
        }
        if let Some(shows) = &channel.shows {
            what += &self.say(&format!("；公布：{shows}"), &format!("; made known: {shows}"));
        }
        what
    }

    fn not_taken(&self, ground: &Ground) -> String {
        let (zh, en) = match ground.outcome {
            Outcome::Refuse => ("不予受理", "not taken"),
            Outcome::Refer => ("移送有权机关", "referred to whoever is competent"),
            Outcome::Guide => ("告知解决途径", "the complainant is shown where to turn"),
            Outcome::Courtesy => ("作为便民事项受理", "taken all the same, as a courtesy"),
        };
        let mut what = self.only(&ground.condition) + &self.pick(&ground.title);
        what += &self.say("：", ": ");
        what += &self.say(zh, en);
        if let Some(to) = &ground.to {
            let body = self.regime.words.bodies.iter().find(|body| body.id == *to);
            let to = body.map_or_else(|| self.role(to), |body| self.pick(&body.title));
            what += &self.say(&format!("（{to}）"), &format!(" ({to})"));
        }
        if ground.reports_back {
            what += &self.say("，由其报备结果", ", which reports back");
        }
        what += &self.say("。答复：", ". They are told: ");
        what + &self.pick(&ground.say)
    }

    /// What belongs together or apart, and what taking it back does.
    fn together(&mut self) {
        let regime = self.regime;
        if regime.splitting.len() + regime.repeats.len() + regime.withdrawal.len() > 0 || regime.rating.is_some() {
            self.section("分案、重复、撤回与评价", "Splitting, repetition, withdrawal and rating");
        }
        for split in &regime.splitting {
            let kinds: Vec<String> = split.kinds.iter().map(|kind| self.kind(kind)).collect();
            let kinds = kinds.join(&self.say("、", ", "));
            let what =
                self.say(&format!("同时提出的各自立案：{kinds}"), &format!("each becomes a case of its own: {kinds}"));
            self.item(&what, &split.cite);
        }
        self.rating();
        for repeat in &regime.repeats {
            let what = self.repetition(repeat);
            self.item(&what, &repeat.cite);
        }
        for rule in &regime.withdrawal {
            let (zh, en) = match rule.then {
                Withdrawn::Ends => ("撤回的，办结", "taking it back ends it"),
                Withdrawn::Decided => ("撤回的，由承办人决定", "when it is taken back, the handler decides"),
                Withdrawn::GoesOn => ("撤回的，继续办理", "it goes on though it is taken back"),
            };
            let what = self.only(&rule.condition) + &self.say(zh, en);
            self.item(&what, &rule.cite);
        }
    }

    /// Whether the complainant may say how satisfied they are.
    pub(super) fn rating(&mut self) {
        let Some(rating) = &self.regime.rating else { return };
        let after: Vec<String> = rating.after.iter().map(|fact| self.fact(fact)).collect();
        let after = after.join(&self.say("或", " or "));
        let within = rating.within.map(|within| {
            let within = self.length(within);
            self.say(&format!("{within}内"), &format!(" within {within}"))
        });
        let within = within.unwrap_or_default();
        let zh = format!("“{after}”后{within}，投诉人可以评价满意度");
        let what = self.say(&zh, &format!("After \"{after}\"{within} the complainant may say how satisfied they are"));
        self.item(&what, &rating.cite);
    }

    fn repetition(&self, repeat: &Repeat) -> String {
        let same = |alike: &Alike| match alike {
            Alike::Complainant => self.say("同一投诉人", "the same complainant"),
            Alike::Respondent => self.say("同一被投诉人", "the same respondent"),
            Alike::Problem => self.say("同一问题", "the same problem"),
        };
        let same: Vec<String> = repeat.same.iter().map(same).collect();
        let (zh, en) = match repeat.is.as_str() {
            "chase" => ("催办", "a chase"),
            "repeat" => ("重复投诉", "a repetition"),
            "over-level" => ("越级投诉", "a complaint over somebody's head"),
            "same-report" => ("重复举报", "the same report"),
            _ => ("关联事项", "a linked matter"),
        };
        let (while_zh, while_en) = match repeat.during {
            While::Open => ("，前件未办结", ", while the earlier one is open"),
            While::Answered => ("，前件已答复", ", after the earlier one was answered"),
            While::Any => ("", ""),
        };
        let within = repeat.within.map(|within| {
            let within = self.length(within);
            self.say(&format!("，{within}内"), &format!(", within {within}"))
        });
        same.join(&self.say("、", ", "))
            + &self.say(while_zh, while_en)
            + &within.unwrap_or_default()
            + &self.say("：", ": ")
            + &self.say(zh, en)
    }

    /// Who looks after the rules.
    pub(super) fn upkeep(&mut self) {
        let Some(upkeep) = &self.regime.upkeep else { return };
        let one = |role: &Option<String>| role.as_ref().map(|role| vec![role.clone()]).unwrap_or_default();
        let lists = [
            ("解释：", "Interpreted by the ", one(&upkeep.interprets)),
            ("修订：", "Amended by the ", one(&upkeep.amends)),
            ("征求意见：", "Consulted: the ", upkeep.consults.clone()),
            ("批准：", "Approved by the ", one(&upkeep.approves)),
        ];
        for (zh, en, roles) in lists.into_iter().filter(|(.., roles)| !roles.is_empty()) {
            let name = |role: &String| match role.as_str() {
                "complainant" => self.say("投诉人", "complainants"),
                role => self.role(role),
            };
            let roles: Vec<String> = roles.iter().map(name).collect();
            let what = self.say(zh, en) + &roles.join(&self.say("、", ", "));
            self.item(&what, &upkeep.cite);
        }
    }

    fn kind(&self, kind: &str) -> String {
        self.regime.word_title("kind", kind).map_or_else(|| kind.to_owned(), |title| self.pick(&title))
    }
}
