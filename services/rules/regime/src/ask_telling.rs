//! What a regime answers about telling: who is told of a fact, in which words, and who is called back.

use crate::{Callback, Case, FactRef, Notice, Regime, Template, house};
use sha2::{Digest as _, Sha256};

impl Regime {
    /// Who is told when the fact happens.
    pub fn notices_on(&self, fact: &FactRef, case: &dyn Case) -> Vec<&Notice> {
        let speaks = |on: &FactRef| on.matches(&fact.word, fact.arg.as_deref());
        self.notices.iter().filter(|n| n.on.iter().any(speaks) && n.condition.holds(case)).collect()
    }

    /// The words of a template: the regime's own, or else those of the house.
    pub fn template(&self, id: &str) -> Option<Template> {
        self.templates.get(id).cloned().or_else(|| house::template(id))
    }

    /// The callbacks that the fact calls for in the case of this id, each with its place in the regime. Where only some
    /// cases are called back, it is the case that decides which: nobody can choose, and asking again changes nothing.
    pub fn callbacks_after(&self, fact: &FactRef, case: &dyn Case, case_id: &str) -> Vec<(usize, &Callback)> {
        let is_meant = |callback: &Callback, at: usize| {
            callback.after.matches(&fact.word, fact.arg.as_deref())
                && callback.condition.holds(case)
                && lot(&self.id, at, case_id) < callback.share
        };
        self.callbacks.iter().enumerate().filter(|(at, callback)| is_meant(callback, *at)).collect()
    }
}

/// The lot that a case draws, from 0 to 99.
fn lot(regime: &str, at: usize, case_id: &str) -> u8 {
    let drawn = Sha256::digest(format!("{regime}\n{at}\n{case_id}"));
    let drawn = drawn.iter().take(8).fold(0_u64, |sum, byte| (sum << 8) | u64::from(*byte));
    u8::try_from(drawn % 100).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::lot;
    use crate::sample::{FULL, Told};
    use crate::{FactRef, Regime};

    #[test]
    fn a_share_of_the_cases_is_drawn_by_the_cases_themselves() {
        let drawn = (0..10_000).filter(|case| lot("shop", 0, &format!("case-{case}")) < 20).count();
        assert!((1_800..2_200).contains(&drawn), "{drawn}");
        assert_eq!(lot("shop", 0, "case-7"), lot("shop", 0, "case-7"));
        assert!((0..100).any(|case| {
            let case = format!("case-{case}");
            (lot("shop", 0, &case) < 20) != (lot("shop", 1, &case) < 20)
        }));
    }

    #[test]
    fn every_callback_that_speaks_is_named_with_its_place() {
        let regime = Regime::parse("pack.yaml", &FULL).unwrap();
        let after = FactRef::about("complainant-told", "oral");
        let all: Vec<usize> = (0..200)
            .flat_map(|case| {
                let case = format!("case-{case}");
                let told = Told::default().flag("valid", true);
                regime.callbacks_after(&after, &told, &case).into_iter().map(|(at, _)| at).collect::<Vec<_>>()
            })
            .collect();
        assert_eq!(all.iter().filter(|at| **at == 0).count(), 200);
        let drawn = all.iter().filter(|at| **at == 1).count();
        assert!((10..80).contains(&drawn), "{drawn}");
    }

    #[test]
    fn a_template_of_the_regime_goes_before_the_one_of_the_house() {
        let regime = Regime::parse("pack.yaml", &FULL).unwrap();
        assert_eq!(regime.template("receipt").unwrap().subject.en, "We have your complaint {{number}}");
        assert!(regime.template("result").unwrap().body.zh.contains("{{ reasons }}"));
        assert!(regime.template("nonsense").is_none());
    }

    #[test]
    fn what_is_wrong_about_telling_and_keeping_is_told_in_words() {
        for (right, wrong, told) in [
            ("send: copy, as: document", "send: receipt, as: paper", "there is no form `paper`"),
            ("{{unit}}已收到您的投诉。", "{{unit}}：{{reason}}", "did you mean `reasons`?"),
            ("{{clock}}”应于", "{{reasons}}”应于", "{{reasons}}, which is for the complainant alone"),
            ("to: respondent, send: copy", "to: [respondent, handler], send: copy", "`done` has one recipient"),
            ("to: respondent, send: copy", "to: respondant, send: copy", "did you mean `respondent`?"),
            ("done: respondent-informed", "done: respondent-inform", "did you mean `respondent-informed`?"),
            ("of: 20%", "of: 0%", "`0%` is no share of the cases"),
            ("ways: call,", "ways: calls,", "did you mean `call`?"),
            ("holds: [record-sheet, case-resolved]", "holds: [record-sheets]", "did you mean `record-sheet`?"),
            ("complete: close", "complete: closed", "did you mean `close`?"),
            ("to: association,", "to: asociation,", "did you mean `association`?"),
            ("holds: [statistics, faulty-goods, shop-visit]", "holds: [faulty-good]", "did you mean `faulty-goods`?"),
            ("by: [category, channel, loss]", "by: [categories]", "did you mean `category`?"),
            ("norm: only-if-asked", "norm: if-asked", "`only-if-asked`"),
            ("shows: [category, result]", "shows: [results]", "did you mean `result`?"),
        ] {
            let yaml = FULL.replacen(right, wrong, 1);
            assert_ne!(yaml, *FULL, "{right}");
            let found = Regime::parse("pack.yaml", &yaml).unwrap_err();
            assert!(found.iter().any(|error| error.en.contains(told) && error.line > 1), "{wrong}: {found:#?}");
        }
    }
}
