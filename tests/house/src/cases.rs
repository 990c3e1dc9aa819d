//! What other services say of a case until somebody handles it, and of its move to another version.

use crate::{House, REGIME, case, staff, text_ref};
use contracts::{assignment, common, intake, triage};

impl House {
    /// A case that is registered, graded `severity`, and dispatched to the head of the department.
    pub async fn dispatched(&self, nth: u128, severity: &str) -> String {
        let id = case(nth);
        let registered = intake::CaseRegistered {
            case_id: id.clone(),
            number: format!("TS-b03-2026-{nth:05}"),
            regime_id: REGIME.to_owned(),
            regime_version: 1,
            unit_id: "b03".to_owned(),
            channel: "web".to_owned(),
            kind: "complaint".to_owned(),
            received_at: Some(kit_grpc::timestamp(self.now())),
            reach: vec!["email".to_owned(), "phone".to_owned()],
            respondent: "operator".to_owned(),
            respondent_reach: vec!["email".to_owned()],
            ..Default::default()
        };
        let case_id = id.clone();
        let classified = triage::CaseClassified {
            case_id: case_id.clone(),
            kind: "complaint".to_owned(),
            category: "facilities".to_owned(),
            ..Default::default()
        };
        let validity = triage::ValidityJudged { case_id: case_id.clone(), validity: "valid".to_owned(), reason: None };
        let graded =
            triage::CaseGraded { case_id: case_id.clone(), severity: severity.to_owned(), ..Default::default() };
        let dispatched = assignment::CaseDispatched {
            case_id: case_id.clone(),
            unit_id: "b03-eng".to_owned(),
            role: "head".to_owned(),
            staff_id: staff("head"),
            slip: "ZB-1".to_owned(),
            is_automatic: true,
            cite: "二.1".to_owned(),
            ..Default::default()
        };
        let batch = [
            self.received(&id, &registered),
            self.received(&id, &triage::CaseAccepted { case_id: case_id.clone(), ..Default::default() }),
            self.received(&id, &classified),
            self.received(&id, &validity),
            self.received(&id, &graded),
            self.received(&id, &dispatched),
        ];
        self.apply(&batch).await.unwrap();
        id
    }

    /// The head signs for the case.
    pub async fn signed(&self, id: &str) {
        self.hear(&assignment::CaseSigned { case_id: id.to_owned(), staff_id: staff("head") }).await;
    }

    /// Moves a case to a second version of the regime.
    pub async fn moved(&self, id: &str, pack: &str) {
        let regime_id = REGIME.to_owned();
        let published = triage::RegimePublished {
            regime_id: regime_id.clone(),
            version: 2,
            pack: pack.to_owned(),
            in_force_from: "2026-04-01".to_owned(),
            ..Default::default()
        };
        self.apply(&[self.received(&regime_id, &published)]).await.unwrap();
        let moved = triage::CaseMoved {
            case_id: id.to_owned(),
            regime_id: regime_id.clone(),
            regime_version: 2,
            from_regime_id: regime_id,
            from_regime_version: 1,
            reason: Some(common::VaultRef { ref_id: text_ref(6) }),
            staff_id: staff("head"),
        };
        self.hear(&moved).await;
    }
}
