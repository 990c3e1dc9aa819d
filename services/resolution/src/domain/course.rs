//! The course of the handling: the few things that only resolution remembers of a case.

use super::event::Event;
use serde::{Deserialize, Serialize};

/// What was done, folded from this service's own facts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Course {
    pub(crate) is_opened: bool,
    /// References into the vault, in order.
    pub(crate) notes: Vec<String>,
    pub(crate) measures: Vec<String>,
    pub(crate) proposal: Option<Proposal>,
    pub(crate) finding: String,
    pub(crate) satisfaction: String,
}

/// The latest decision that was proposed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Proposal {
    pub(crate) finding: String,
    pub(crate) by: String,
    /// None until someone has ruled on it; a decision that nobody else must approve stands at once.
    pub(crate) ruling: Option<bool>,
    /// How many signed off on it already.
    #[serde(default)]
    pub(crate) given: u32,
}

impl Course {
    /// Takes in one fact of this service.
    pub(crate) fn apply(&mut self, event: &Event) {
        match event {
            Event::InvestigationOpened { .. } => self.is_opened = true,
            Event::NoteAdded { text, .. } => self.notes.push(text.to_string()),
            Event::MeasuresOrdered { measures, text, .. } => {
                let new: Vec<_> = measures.iter().filter(|m| !self.measures.contains(m)).cloned().collect();
                self.measures.extend(new);
                self.notes.extend(text.map(String::from));
            }
            Event::DecisionProposed { finding, text, by, is_final } => {
                self.notes.push(text.to_string());
                let ruling = is_final.then_some(true);
                self.proposal = Some(Proposal { finding: finding.clone(), by: by.clone(), ruling, given: 0 });
            }
            Event::DecisionApproved { is_partial: true, tier, .. } => {
                if let Some(proposal) = &mut self.proposal {
                    proposal.given = *tier;
                }
            }
            Event::DecisionApproved { .. } => self.rule(true),
            Event::DecisionRefused { reason, .. } => {
                self.notes.extend(reason.map(String::from));
                self.rule(false);
            }
            Event::ComplainantAnswered { text } => self.notes.push(text.to_string()),
            Event::CaseResolved { finding, text, .. } => {
                self.finding.clone_from(finding);
                self.notes.extend(text.map(String::from));
            }
            Event::CaseCalledBack { satisfaction, .. } => self.satisfaction.clone_from(satisfaction),
            Event::StepDone(done) => {
                self.notes.extend(done.text.iter().chain(&done.files).map(ToString::to_string));
            }
            Event::AppealDecided { text, parts, .. } => {
                self.notes.extend(std::iter::once(text).chain(parts.values()).map(ToString::to_string));
            }
            Event::ComplainantTold { text, parts, .. } => {
                self.notes.extend(text.iter().chain(parts.values()).map(ToString::to_string));
            }
            Event::MeasureDone { text, .. }
            | Event::MeasureChecked { text, .. }
            | Event::ApprovalAsked { text, .. } => self.notes.extend(text.map(String::from)),
            Event::ApprovalRefused { reason, .. } => self.notes.push(reason.to_string()),
            Event::CaseReopened { lapsed, .. } => self.reopen(lapsed),
            Event::ApprovalGiven { .. } | Event::LinkedCaseOwed { .. } | Event::CaseClosed { .. } => {}
        }
    }

    /// A proposal and a finding of an earlier round stand no more.
    fn reopen(&mut self, lapsed: &[String]) {
        if lapsed.iter().any(|word| word == "decision-proposed") {
            self.proposal = None;
        }
        if lapsed.iter().any(|word| word == "case-resolved") {
            self.finding.clear();
        }
    }

    fn rule(&mut self, is_approved: bool) {
        if let Some(proposal) = &mut self.proposal {
            proposal.ruling = Some(is_approved);
        }
    }

    /// The finding of an approved proposal.
    pub(crate) fn approved(&self) -> Option<&str> {
        self.proposal.as_ref().filter(|p| p.ruling == Some(true)).map(|p| p.finding.as_str())
    }

    /// A proposal on which nobody has ruled.
    pub(crate) fn pending(&self) -> Option<&Proposal> {
        self.proposal.as_ref().filter(|p| p.ruling.is_none())
    }
}
