//! The name that somebody most likely meant.

/// The candidate nearest to `typed`, if it is near enough to be worth naming: at most a third of the letters differ.
pub(crate) fn nearest<'a>(typed: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // A very long text is no misspelt name, and comparing it would cost more than it helps.
    let typed: Vec<char> = typed.chars().take(65).flat_map(char::to_lowercase).collect();
    if typed.len() > 64 {
        return None;
    }
    candidates
        .into_iter()
        .map(|name| (distance(&typed, &name.to_lowercase().chars().collect::<Vec<_>>()), name))
        .filter(|(far, name)| *far <= (name.chars().count().max(typed.len()) / 3).max(1))
        .min_by_key(|(far, _)| *far)
        .map(|(_, name)| name)
}

/// How many letters must be changed, added or dropped.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut left = i + 1;
        let mut diagonal = i;
        for (y, cell) in b.iter().zip(row.iter_mut().skip(1)) {
            let changed = diagonal + usize::from(x != y);
            diagonal = *cell;
            *cell = changed.min(diagonal + 1).min(left + 1);
            left = *cell;
        }
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
    }
    row.last().copied().unwrap_or(a.len())
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_slip_finds_its_name_and_nonsense_finds_nothing() {
        let names = ["b03", "b17", "complaint", "投诉"];
        assert_eq!(nearest("complant", names), Some("complaint"));
        assert_eq!(nearest("B-03", names), Some("b03"));
        assert_eq!(nearest("投拆", names), Some("投诉"));
        assert_eq!(nearest("harbour", names), None);
        assert_eq!(nearest(&"c".repeat(10_000), names), None);
        assert_eq!(nearest("", ["ab", "abcdef"]), None);
    }
}
