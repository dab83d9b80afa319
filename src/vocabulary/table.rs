//! The macro that declares a vocabulary.

/// Declares an enum together with a row of attributes for each variant.
///
/// `Name, Row; /// Meaning. Variant { attribute: value } …` declares the enum `Name`, the list `Name::ALL` in the order of
/// the table, `Name::COUNT`, `meaning()`, which returns the doc comment of a variant, and `row()`, which returns the
/// attributes of a variant.
///
/// With `Name, Row, Extra(Other);` the enum has one more variant, `Extra`, which holds an entry of another vocabulary. The
/// table then declares only the other variants (`OWN`, `own_index`, `OWN_MEANINGS`, `own_rows`), and the module states the
/// order of all entries.
macro_rules! table {
    (
        $(#[doc = $about:literal])+
        $name:ident, $row:ident;
        $( $(#[doc = $meaning:literal])+ $variant:ident { $($attribute:ident: $value:expr),+ $(,)? } )+
    ) => {
        $(#[doc = $about])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum $name { $( $(#[doc = $meaning])+ $variant, )+ }

        impl $name {
            /// All entries, in the order of the table.
            pub const ALL: &'static [$name] = &[$($name::$variant),+];

            /// Number of entries.
            pub const COUNT: usize = $name::ALL.len();

            /// The text of the entry in the reference, which is the doc comment of the variant.
            pub const fn meaning(self) -> &'static str {
                static MEANINGS: [&str; $name::COUNT] = [$( concat!($($meaning),+).trim_ascii_start() ),+];
                MEANINGS[self as usize]
            }

            /// The attributes of the entry.
            #[inline]
            const fn row(self) -> &'static $row {
                static ROWS: [$row; $name::COUNT] = [$( $row { $($attribute: $value),+ } ),+];
                &ROWS[self as usize]
            }
        }
    };
    (
        $(#[doc = $about:literal])+
        $name:ident, $row:ident, $(#[doc = $of:literal])+ $extra:ident($other:ty);
        $( $(#[doc = $meaning:literal])+ $variant:ident { $($attribute:ident: $value:expr),+ $(,)? } )+
    ) => {
        $(#[doc = $about])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $( $(#[doc = $meaning])+ $variant, )+
            $(#[doc = $of])+
            $extra($other),
        }

        impl $name {
            /// The entries of the table itself, in its order.
            const OWN: &'static [$name] = &[$($name::$variant),+];

            /// The doc comments of the entries of the table itself.
            const OWN_MEANINGS: &'static [&'static str] = &[$( concat!($($meaning),+).trim_ascii_start() ),+];

            /// The attributes of the entries of the table itself.
            #[inline]
            const fn own_rows() -> &'static [$row] {
                static ROWS: &[$row] = &[$( $row { $($attribute: $value),+ } ),+];
                ROWS
            }

            /// The index of an entry in the table itself; `Err` with the entry of the other vocabulary in the extra variant.
            #[inline]
            const fn own_index(self) -> Result<usize, $other> {
                #[repr(usize)]
                enum Index { $($variant),+ }
                match self {
                    $($name::$variant => Ok(Index::$variant as usize),)+
                    $name::$extra(other) => Err(other),
                }
            }
        }
    };
}
