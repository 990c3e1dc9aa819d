//! Everything that the guide for authors shows is true.

use crate::sample::{FULL, blocks};
use crate::{Checked, Gravity, Pack, Regime, Surroundings};

const GUIDE: &str = include_str!("../docs.md");

fn check(yaml: &str) -> Checked {
    let shelf = vec![Pack { file: "shop-example.yaml".to_owned(), yaml: FULL.clone() }];
    let pack = Pack { file: "pack.yaml".to_owned(), yaml: yaml.to_owned() };
    Regime::check(&pack, &Surroundings { shelf, ..Surroundings::default() })
}

#[test]
fn the_example_is_a_whole_pack_without_a_mistake_and_its_tailoring_too() {
    let Checked { regime, found, .. } = check(&FULL);
    assert_eq!(found, []);
    assert_eq!(regime.unwrap().clocks.len(), 3);
    let tailorings = blocks("tailoring of shop-example");
    let Checked { regime, found, .. } = check(&tailorings[0]);
    assert_eq!(found, []);
    let regime = regime.unwrap();
    assert_eq!((regime.id.as_str(), regime.clocks.len()), ("shop-riverside", 2));
    let all = GUIDE.matches("```yaml").count();
    assert_eq!(all, blocks("pack").len() + tailorings.len() + blocks("parameters").len(), "a block that no test reads");
}

#[test]
fn a_blank_is_told_as_a_blank_and_nothing_else() {
    let block = blocks("parameters").remove(0);
    let blank = FULL.replacen("parameters:\n", &block, 1).replacen("within: 1 month", "within: $reply-in", 1);
    let Checked { regime, found, .. } = check(&blank);
    assert!(regime.is_none());
    assert_eq!(found.iter().map(|one| one.gravity).collect::<Vec<_>>(), [Gravity::Blank], "{found:#?}");
    let own = "extends: shop-example\nregime: own\nparameters: {reply-in: {blank: yes, reads: 在____日内, cite: x}}\n";
    assert!(check(own).found.iter().any(|one| one.gravity == Gravity::Blank && one.file == "pack.yaml"));
}

#[test]
fn mistakes_are_told_as_the_guide_says() {
    let bent = [
        ("then: grave, cite", "then: gravee, cite"),
        ("case.loss == 'great'", "case.loss == 'huge'"),
        ("case.times >= 3", "case.times < 0"),
        ("take: 1 working-day", "take: 3 wroking-days"),
        ("until: goods-tested", "until: goods-testd"),
        (" goods-tested, evid", " evid"),
        (" answer, answer-order,", " answer-order,"),
    ];
    let table = GUIDE.split("## 10.").nth(1).unwrap().split("## 11.").next().unwrap();
    let rows: Vec<&str> = table.lines().filter(|line| line.starts_with("| ") && !line.contains("written")).collect();
    assert_eq!(rows.len(), bent.len());
    for ((right, wrong), row) in bent.into_iter().zip(rows) {
        let yaml = FULL.replacen(right, wrong, 1);
        assert_ne!(yaml, *FULL, "{right}");
        let told = row.trim_matches(['|', ' ']).split(" | ").nth(1).unwrap();
        let found = check(&yaml).found;
        assert!(
            found.iter().any(|error| error.gravity == Gravity::Error && error.en.starts_with(told)),
            "{told}: {found:#?}"
        );
    }
}
