//! What the benchmarks share: the report, the machine's own limit, and what each process used.

pub mod bare;
pub mod deadlines;
pub mod fleet;
pub mod log;
pub mod report;
pub mod sheet;
pub mod stages;
pub mod usage;

/// The median of the values, or 0 of none.
pub fn median(values: &[f64]) -> f64 {
    percentile(values, 50.0)
}

/// The value below which so many percent of the values lie, by nearest rank.
pub fn percentile(values: &[f64], percent: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a rank in a small list"
    )]
    let rank = ((percent / 100.0 * sorted.len() as f64).ceil() as usize).saturating_sub(1);
    sorted.get(rank).copied().unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_by_nearest_rank() {
        let values: Vec<f64> = (1..=100).map(f64::from).collect();
        assert!((percentile(&values, 99.0) - 99.0).abs() < f64::EPSILON);
        assert!((median(&values) - 50.0).abs() < f64::EPSILON);
        assert!(median(&[]).abs() < f64::EPSILON);
    }
}
