//! Text that tells who someone is or what they said. It cannot be printed, logged, copied or serialised by accident,
//! and its memory is overwritten when it goes.

use zeroize::Zeroizing;

/// A name, an address or a narrative. There is deliberately no `Debug`, `Display`, `Serialize` or `Clone`.
#[derive(Default)]
pub(crate) struct Pii(Zeroizing<String>);

impl Pii {
    /// Takes the text over; the caller's buffer becomes ours, so no second copy stays behind.
    pub(crate) fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// Looks at the text. Every use of this word is a place to review.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }

    /// Gives the text to an answer that leaves the house.
    pub(crate) fn into_answer(mut self) -> String {
        std::mem::take(&mut self.0)
    }

    /// Whether nothing but white space was written.
    pub(crate) fn is_blank(&self) -> bool {
        self.0.trim().is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::Pii;

    /// Compiles only while `Pii` implements none of these traits: with one, the marker becomes ambiguous.
    macro_rules! never_implements {
        ($($bound:path),*) => { $( const _: fn() = || {
            trait Ambiguous<Marker> { fn marker() {} }
            struct Implemented;
            impl<T: ?Sized> Ambiguous<()> for T {}
            impl<T: ?Sized + $bound> Ambiguous<Implemented> for T {}
            let _ = <Pii as Ambiguous<_>>::marker;
        }; )* };
    }
    never_implements!(std::fmt::Debug, std::fmt::Display, serde::Serialize, Clone, AsRef<str>);

    #[test]
    fn the_text_can_be_looked_at_and_given_out_only_by_name() {
        assert!(Pii::new(" \n".to_owned()).is_blank());
        assert_eq!(Pii::new("张三".to_owned()).expose(), "张三");
        assert_eq!(Pii::new("张三".to_owned()).into_answer(), "张三");
    }
}
