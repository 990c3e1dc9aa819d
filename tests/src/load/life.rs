//! The script: what happens to a case of each kind, step by step. Every step is asked again, under the same request id,
//! until it is done; so each case of a kind ends with the same facts, however often something died on the way.

use super::{Crew, Handed, Receipt};
use contracts::{intake, notification::Task};
use jiesu::desk::{Answer, Choice, Person, told};
use kit_core::Problem;
use kit_grpc::Call;

/// A kind of life. Cases of the same kind have the same facts in every log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Kind {
    pub place: usize,
    pub is_http: bool,
    /// Asks once, and goes away without an answer.
    pub is_impatient: bool,
    has_email: bool,
    steps: &'static [Step],
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    Triage,
    Withdraw,
    Sign,
    Note,
    Measure,
    Decide,
    Answer,
    Resolve,
    OpinionForm,
    Told,
    CalledBack,
    Close,
}

use Step::{
    Answer as Answered, CalledBack, Close, Decide, Measure, Note, OpinionForm, Resolve, Sign, Told, Triage, Withdraw,
};

const WHOLE: &[Step] = &[Triage, Sign, Note, Measure, Decide, Answered, Resolve, OpinionForm, Told, CalledBack, Close];

const fn kind(place: usize, is_http: bool, has_email: bool, steps: &'static [Step]) -> Kind {
    Kind { place, is_http, is_impatient: false, has_email, steps }
}

/// The kinds, in the order in which they come again and again.
pub const KINDS: &[Kind] = &[
    kind(0, false, true, &[]),
    kind(1, true, false, &[Triage]),
    kind(2, false, false, &[Triage, Sign, Note]),
    kind(3, true, false, WHOLE),
    kind(4, true, false, &[Withdraw]),
    kind(5, false, true, WHOLE),
    kind(6, false, false, &[Triage, Sign, Answered]),
    Kind { is_impatient: true, ..kind(7, true, false, &[]) },
    kind(8, true, false, &[]),
];

/// The kinds of those who only hand in.
pub const DOORS: &[Kind] = &[KINDS[0], KINDS[8]];

impl Kind {
    pub(super) fn phone(self) -> &'static str {
        if self.has_email { "" } else { "12000000001" }
    }

    pub(super) fn email(self) -> &'static str {
        if self.has_email { "resident@example.invalid" } else { "" }
    }
}

impl Crew {
    /// Hands the matter in and carries it as far as its kind says.
    pub(super) async fn live(&self, request_id: &str, kind: Kind) {
        let receipt = self.hand_in(kind, request_id).await;
        let mut handed = Handed { kind, request_id: request_id.to_owned(), receipt, is_done: false };
        if let Some(receipt) = &handed.receipt {
            match self.carry(&handed.request_id, kind, receipt).await {
                Ok(()) => handed.is_done = true,
                Err(problem) => self.note_trouble(&handed.request_id, &problem),
            }
        }
        self.book.lock().unwrap().handed.push(handed);
    }

    async fn carry(&self, request_id: &str, kind: Kind, receipt: &Receipt) -> Answer<()> {
        let mut case_id = String::new();
        for step in kind.steps {
            if case_id.is_empty() && *step != Withdraw {
                case_id = self.case_of(&receipt.number).await?;
            }
            let name = format!("{request_id}-{step:?}");
            let mut task = None;
            let patience = self.patience();
            while let Err(problem) = self.step(*step, &name, &case_id, receipt, &mut task).await {
                if patience.is_at_its_end() {
                    return Err(problem);
                }
                self.again(&format!("{step:?}"), &problem).await;
            }
        }
        Ok(())
    }

    async fn step(
        &self,
        step: Step,
        name: &str,
        case_id: &str,
        receipt: &Receipt,
        task: &mut Option<(Person, Task)>,
    ) -> Answer<()> {
        let (reception, head) = (self.reception.under(name), self.head.under(name));
        match step {
            Triage => reception.triage(case_id, self.choice(&reception, case_id).await?).await.map(drop),
            Withdraw => self.withdraw(name, &receipt.code).await,
            Sign => head.sign(case_id).await,
            Note => reception.note(case_id, "已联系住户").await,
            Measure => {
                let words = head.resolution_view(case_id).await?.measure_words;
                let measures: Vec<String> = words.into_iter().take(1).map(|word| word.id).collect();
                head.measures(case_id, &measures, "更换配件").await
            }
            Decide => head.decide(case_id, &finding(&head, case_id).await?, "属实").await.map(drop),
            Answered => head.answer(case_id, "两日内修复").await,
            Resolve => head.resolve(case_id, &finding(&head, case_id).await?, "已修复").await,
            OpinionForm => reception.step(case_id, "opinion-form-returned").await,
            Told => self.complete("complainant-told", name, case_id, task).await,
            CalledBack => self.complete("case-called-back", name, case_id, task).await,
            Close => reception.close(case_id).await,
        }
    }

    async fn choice(&self, reception: &Person, case_id: &str) -> Answer<Choice> {
        let words = reception.triage_view(case_id).await?.vocabulary.unwrap_or_default();
        let engineering = words.departments.iter().find(|d| d.title.as_ref().is_some_and(|t| t.zh.contains("工程")));
        Ok(Choice {
            kind: "complaint".to_owned(),
            category: words.categories.first().map(|word| word.id.clone()).unwrap_or_default(),
            about_unit_id: engineering.map(|word| word.id.clone()),
            facts: vec![crate::word("fault", "ours")],
            ..Default::default()
        })
    }

    async fn withdraw(&self, name: &str, code: &str) -> Answer<()> {
        let request = intake::WithdrawRequest {
            request_id: name.to_owned(),
            receipt_code: code.to_owned(),
            case_id: String::new(),
            ..Default::default()
        };
        told(self.client.intake().withdraw(Call::default().request(request)).await).map(drop)
    }

    /// Makes the call or visit. The task is remembered: one that was done without our hearing of it is no longer listed.
    async fn complete(
        &self,
        purpose: &str,
        name: &str,
        case_id: &str,
        task: &mut Option<(Person, Task)>,
    ) -> Answer<()> {
        if task.is_none() {
            for person in &self.all {
                let open = person.tasks(case_id).await?;
                *task = task.take().or(open.into_iter().find(|t| t.purpose == purpose).map(|t| (person.clone(), t)));
            }
        }
        let Some((person, task)) = task.as_ref() else {
            return Err(Problem::conflict("no-task-yet", "", format!("{purpose} is not owed yet")));
        };
        let satisfaction = if task.asks_satisfaction { "satisfied" } else { "" };
        let way = task.ways.first().map_or("call", String::as_str);
        person.under(name).complete(task, way, satisfaction, "已告知").await
    }

    /// The id of the case with this number, as the general affairs office finds it, once records knows it.
    async fn case_of(&self, number: &str) -> Answer<String> {
        let patience = self.patience();
        loop {
            let request = contracts::records::GetDossierRequest { case_id: String::new(), number: number.to_owned() };
            match told(self.general.client.records().get_dossier(self.general.call().request(request)).await) {
                Ok(found) => return Ok(found.case_id),
                Err(problem) if patience.is_at_its_end() => return Err(problem),
                Err(problem) => self.again("dossier", &problem).await,
            }
        }
    }
}

async fn finding(person: &Person, case_id: &str) -> Answer<String> {
    let findings = person.resolution_view(case_id).await?.findings;
    Ok(findings.into_iter().next().map(|word| word.id).unwrap_or_default())
}
