use regime::{Gravity, Pack, Regime, Surroundings};
fn main() {
    let mut bad = 0;
    for file in std::env::args().skip(1) {
        let pack =
            Pack { file: file.rsplit('/').next().unwrap().to_owned(), yaml: std::fs::read_to_string(&file).unwrap() };
        let choices = Default::default();
        let checked = Regime::check(&pack, &Surroundings { choices, ..Surroundings::default() });
        let errors: Vec<_> = checked.found.iter().filter(|f| f.gravity == Gravity::Error).collect();
        println!("== {} {} errors, {} others", pack.file, errors.len(), checked.found.len() - errors.len());
        for e in errors.iter().take(12) {
            println!("  {}:{} [{}] {}", e.file, e.line, e.clause, e.en);
        }
        bad += usize::from(!errors.is_empty());
    }
    println!("{bad} packs with errors");
}
