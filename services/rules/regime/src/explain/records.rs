//! What is kept, entered, counted and shown, and what recurs, in sentences.

use super::Page;
use crate::{
    Asks, Confided, Confidence, Duty, DutyDue, Held, Keep, Ledger, Publicity, PublicityOf, SCALE, Survey,
    SurveyQuestion, vocabulary,
};
use kit_core::Text;

impl Page<'_> {
    pub(super) fn records(&mut self) {
        let records = &self.regime.records;
        self.section("档案与定期任务", "Records and duties");
        let file = self.file();
        self.item(&file, &records.cite);
        for ledger in &records.ledgers {
            let what = self.ledger(ledger);
            self.item(&what, &ledger.cite);
        }
        for survey in &self.regime.surveys {
            let what = self.survey(survey);
            self.item(&what, &survey.cite);
        }
        for duty in &records.duties {
            let what = self.duty(duty);
            self.item(&what, &duty.cite);
        }
        if let Some(statistics) = &records.statistics {
            let by: Vec<String> = statistics.by.iter().map(|axis| self.axis(axis)).collect();
            let what = self.say("统计按：", "Counted by: ") + &by.join(&self.say("、", ", "));
            self.item(&what, &statistics.cite);
        }
        for confidence in &records.confidential {
            let what = self.confidence(confidence);
            self.item(&what, &confidence.cite);
        }
        for publicity in &records.publicity {
            let what = self.publicity(publicity);
            self.item(&what, &publicity.cite);
        }
    }

    fn confidence(&self, confidence: &Confidence) -> String {
        let comma = self.say("、", ", ");
        let of: Vec<String> = confidence
            .of
            .iter()
            .map(|of| match of {
                Confided::Identity => self.say("投诉人身份", "who complains"),
                Confided::Content => self.say("诉求内容", "what was said"),
                Confided::Respondent => self.say("被投诉人身份", "whom it is about"),
            })
            .collect();
        let only: Vec<String> = confidence.only.iter().map(|role| self.role(role)).collect();
        let (of, only) = (of.join(&comma), only.join(&comma));
        let mut what = self.say(&format!("{of}仅限以下人员知悉：{only}"), &format!("{of}: only for {only}"));
        if let Some(fact) = &confidence.unless {
            let fact = self.fact(fact);
            what += &self.say(&format!("；“{fact}”后除外"), &format!("; but not after \"{fact}\""));
        }
        if confidence.unless_handling {
            what += &self.say("；办理所必需的除外", "; and for those whom the handling needs");
        }
        what
    }

    fn file(&self) -> String {
        let records = &self.regime.records;
        let held = |held: &Held| match held {
            Held::Form(form) => self.form(form),
            Held::Fact(fact) => self.fact(fact),
        };
        let holds: Vec<String> = records.holds.iter().map(held).collect();
        let from = self.fact(&records.from);
        let keep = match records.keep {
            Keep::Forever => self.say("永久保存", "kept forever"),
            Keep::For(length) if records.is_least => self.say("至少保存", "kept for at least ") + &self.length(length),
            Keep::For(length) => self.say("保存", "kept for ") + &self.length(length),
        };
        let mut holds = match holds.len() {
            0 => String::new(),
            _ => self.say("，内含", ", holding ") + &holds.join(&self.say("、", ", ")),
        };
        if records.is_complete {
            holds += &self.say("，齐全方可结案", "; no case is closed before it is complete");
        }
        if records.keep != Keep::Forever && !records.is_least {
            holds += &self.say("，期满即销毁内容", "; its content is destroyed when that time is over");
        }
        self.say(&format!("案卷自“{from}”起{keep}{holds}"), &format!("The file is {keep} from \"{from}\"{holds}"))
    }

    fn ledger(&self, ledger: &Ledger) -> String {
        let on: Vec<String> = ledger.on.iter().map(|fact| self.fact(fact)).collect();
        let (title, only) = (self.pick(&ledger.title), self.only(&ledger.condition));
        let of = match ledger.of.as_str() {
            "complainant" => self.say("投诉人", "complainants"),
            "respondent" => self.say("被投诉人", "respondents"),
            "unit" => self.say("单位", "units"),
            "staff" => self.say("工作人员", "staff"),
            _ => self.say("问题", "problems"),
        };
        let on = match on.len() {
            0 => self.say("，人工登记", ", by hand"),
            _ => self.say("，登记于", ", on ") + &on.join(&self.say("、", ", ")),
        };
        self.say(&format!("{only}{title}（按{of}）{on}"), &format!("{only}{title}, of {of}{on}"))
    }

    fn survey(&self, survey: &Survey) -> String {
        let (role, title, least) = (self.role(&survey.role), self.pick(&survey.title), survey.least);
        let asked: Vec<String> = survey.questions.iter().map(|question| self.asked(question)).collect();
        let asked = asked.join(&self.say("；", "; "));
        self.say(
            &format!("{role}开展匿名调查“{title}”，不足 {least} 人作答的不显示结果：{asked}"),
            &format!("The {role} holds the anonymous survey \"{title}\", whose results fewer than {least} answers show to nobody: {asked}"),
        )
    }

    fn asked(&self, question: &SurveyQuestion) -> String {
        let answers = match &question.asks {
            Asks::Words(words) => words.iter().map(|word| self.pick(&word.title)).collect::<Vec<_>>().join(" / "),
            Asks::Scale => self.say(&format!("1 至 {SCALE} 分"), &format!("1 to {SCALE}")),
            Asks::Text => self.say("自由填写", "in one's own words"),
        };
        format!("{} [{answers}]{}", self.pick(&question.title), self.cited(&question.cite))
    }

    fn duty(&self, duty: &Duty) -> String {
        let (role, to, title) = (self.role(&duty.role), self.role(&duty.to), self.pick(&duty.title));
        let every = match duty.months {
            1 => self.say("每月", "each month"),
            3 => self.say("每季度", "each quarter"),
            6 => self.say("每半年", "each half-year"),
            12 => self.say("每年", "each year"),
            months => self.say(&format!("每 {months} 个月"), &format!("every {months} months")),
        };
        let due = match duty.due {
            DutyDue::BeforeDay(day) => {
                self.say(&format!("，末月 {day} 日前"), &format!(", before day {day} of its last month"))
            }
            DutyDue::Within(length) => {
                self.say("结束后 ", ", within ") + &self.length(length) + &self.say("内", " after it")
            }
            DutyDue::PeriodEnd => self.say("，期末前", ", by its last day"),
        };
        let source = |source: &String| match (self.regime.ledger(source), self.regime.survey(source)) {
            (Some(ledger), _) => self.pick(&ledger.title),
            (_, Some(survey)) => self.pick(&survey.title),
            _ => self.say("统计", "statistics"),
        };
        let holds: Vec<String> = duty.holds.iter().map(source).collect();
        let holds = match holds.len() {
            0 => String::new(),
            _ => self.say("，内含", ", holding ") + &holds.join(&self.say("、", ", ")),
        };
        self.say(
            &format!("{every}{due}，{role}向{to}提交：{title}{holds}"),
            &format!("For {every}{due}, the {role} gives the {to}: {title}{holds}"),
        )
    }

    fn publicity(&self, publicity: &Publicity) -> String {
        let title =
            |id: &String| vocabulary::term(vocabulary::SHOWN, id).map_or_else(Text::default, |term| term.title());
        let shows: Vec<String> = publicity.shows.iter().map(|id| self.pick(&title(id))).collect();
        let needs: Vec<String> = publicity.needs.iter().map(|fact| self.fact(fact)).collect();
        let never: Vec<String> = publicity.never.iter().map(|text| self.pick(text)).collect();
        let (by, comma) = (self.role(&publicity.by), self.say("、", ", "));
        let of = match publicity.of {
            PublicityOf::Case => self.say("案件", "cases"),
            PublicityOf::Summary => self.say("汇总情况", "figures"),
        };
        let norm = match publicity.only_if_asked {
            true => self.say("，仅依申请", ", where somebody asks"),
            false => String::new(),
        };
        let mut said = self.say(&format!("{by}公示{of}{norm}："), &format!("The {by} publishes {of}{norm}: "));
        said += &shows.join(&comma);
        if !needs.is_empty() {
            said += &self.say("；须先有：", "; first there must be: ");
            said += &needs.join(&comma);
        }
        if !never.is_empty() {
            said += &self.say("；不得公示：", "; never: ");
            said += &never.join(&self.say("；", "; "));
        }
        said
    }

    /// By what cases are counted.
    fn axis(&self, axis: &str) -> String {
        self.pick(&self.regime.axis_title(axis))
    }
}
