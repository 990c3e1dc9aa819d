//! How the periods of a regime are counted where laws differ: which days off carry a last day onward, and when that
//! day ends.

/// Which days off carry a period that ends on them to the next day; a make-up working day never does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Roll {
    /// Weekends and holidays (法定休假日): how courts and offices read Art. 203 of the Civil Code.
    #[default]
    WeekendsAndHolidays,
    /// Announced holidays only (法定节假日), as in Art. 45 of SAMR Order 121: an ordinary weekend ends a period.
    Holidays,
    /// The period ends where it ends.
    Nowhere,
}

/// When the last day of a period ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ends {
    /// At 24:00.
    #[default]
    Midnight,
    /// When business closes, in a unit that keeps hours (Civil Code, Art. 203(2)); elsewhere at 24:00.
    Close,
}

/// The manner of counting of one regime. Without a word of its own it is the Civil Code's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Manner {
    pub roll: Roll,
    pub ends: Ends,
    pub cite: String,
}
