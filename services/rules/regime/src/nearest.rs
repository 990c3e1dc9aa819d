//! The valid name that a mistyped one was probably meant to be.

/// What is longer than this, in bytes, is no name that a hand slipped in: comparing two of them would take for ever.
const LONGEST: usize = 200;

/// The nearest of `names`, if it is near enough to be worth a guess.
pub fn nearest<'a>(name: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let names = names.into_iter().filter(|other| name.len().max(other.len()) <= LONGEST);
    let (distance, best) = names.map(|other| (distance(name, other), other)).min()?;
    let longest = name.chars().count().max(best.chars().count());
    (distance <= 2.max(longest / 2)).then_some(best)
}

/// Edits between two names: insert, delete, replace, or swap two neighbours.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    let mut last = None;
    for (i, x) in a.chars().enumerate() {
        let mut next = Vec::with_capacity(row.len());
        next.push(i + 1);
        let mut left = None;
        for (j, y) in b.iter().enumerate() {
            let at = |row: &[usize], j: usize| row.get(j).copied().unwrap_or(usize::MAX / 2);
            let replaced = at(&row, j) + usize::from(x != *y);
            let mut best = replaced.min(at(&row, j + 1) + 1).min(at(&next, j) + 1);
            if j > 0 && left == Some(x) && last == Some(*y) {
                best = best.min(at(&before, j - 1) + 1);
            }
            next.push(best);
            left = Some(*y);
        }
        before = std::mem::replace(&mut row, next);
        last = Some(x);
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_count_the_slips_of_a_hand() {
        for (a, b, edits) in
            [("major", "major", 0), ("majro", "major", 1), ("mjor", "major", 1), ("", "abc", 3), ("ab", "ba", 1)]
        {
            assert_eq!(distance(a, b), edits, "{a} {b}");
        }
        assert_eq!(nearest("importent", ["minor", "important", "major"]), Some("important"));
        assert_eq!(nearest("xyzzyxyzzy", ["minor"]), None);
        assert_eq!(nearest("x", []), None);
        let (long, longer) = ("x".repeat(1_000_000), "x".repeat(1_000_001));
        assert_eq!(nearest(&long, [longer.as_str(), "minor"]), None);
    }
}
