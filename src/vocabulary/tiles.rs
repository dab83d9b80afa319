//! A tile map of Europe: one tile for each country, close to its neighbours.

/// A country of the map.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tile {
    /// Code of the country after ISO 3166-1, in two letters.
    pub code: &'static str,
    /// Column of the tile, from the west.
    pub column: u8,
    /// Row of the tile, from the north.
    pub row: u8,
}

/// Columns of the map.
pub const COLUMNS: u8 = 8;
/// Rows of the map.
pub const ROWS: u8 = 8;

/// The countries of the map, from north to south.
pub const TILES: &[Tile] = &[
    tile("IS", 0, 0),
    tile("NO", 4, 0),
    tile("SE", 5, 0),
    tile("FI", 6, 0),
    tile("DK", 4, 1),
    tile("EE", 6, 1),
    tile("RU", 7, 1),
    tile("IE", 0, 2),
    tile("GB", 1, 2),
    tile("NL", 3, 2),
    tile("DE", 4, 2),
    tile("PL", 5, 2),
    tile("LV", 6, 2),
    tile("BY", 7, 2),
    tile("BE", 2, 3),
    tile("LU", 3, 3),
    tile("CZ", 4, 3),
    tile("SK", 5, 3),
    tile("LT", 6, 3),
    tile("UA", 7, 3),
    tile("FR", 2, 4),
    tile("CH", 3, 4),
    tile("AT", 4, 4),
    tile("HU", 5, 4),
    tile("RO", 6, 4),
    tile("MD", 7, 4),
    tile("PT", 0, 5),
    tile("ES", 1, 5),
    tile("AD", 2, 5),
    tile("IT", 3, 5),
    tile("SI", 4, 5),
    tile("HR", 5, 5),
    tile("RS", 6, 5),
    tile("BG", 7, 5),
    tile("MT", 3, 6),
    tile("BA", 4, 6),
    tile("ME", 5, 6),
    tile("XK", 6, 6),
    tile("TR", 7, 6),
    tile("AL", 4, 7),
    tile("MK", 5, 7),
    tile("GR", 6, 7),
    tile("CY", 7, 7),
];

const fn tile(code: &'static str, column: u8, row: u8) -> Tile {
    Tile { code, column, row }
}

impl Tile {
    /// The tile of a country; `None` if the map has none.
    pub fn of(code: &str) -> Option<Tile> {
        TILES.iter().copied().find(|tile| tile.code == code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_country_has_a_place_of_its_own_within_the_map() {
        for (index, one) in TILES.iter().enumerate() {
            assert!(one.column < COLUMNS && one.row < ROWS && one.code.len() == 2, "{one:?}");
            let alone = |other: &Tile| other.code != one.code && (other.column, other.row) != (one.column, one.row);
            assert!(TILES[index + 1..].iter().all(alone), "{one:?}");
            assert_eq!(Tile::of(one.code), Some(*one));
        }
        assert_eq!(Tile::of("UK"), None);
    }
}
