//! Evenly spaced streams: neighbouring pieces of one constant rate become one piece.

use super::arrivals::{Arrivals, RatePiece};

/// The arrivals of an evenly spaced audience.
///
/// The k-th arrival comes when the integral of the rate reaches k. A change that does not affect the rate splits a
/// piece in two, and the sum of the parts may round differently from the whole, which could move an arrival at the end
/// of an interval into the next one.
pub fn spaced(arrivals: Arrivals) -> Arrivals {
    let Arrivals::Rate(pieces) = arrivals else { return arrivals };
    let mut joined: Vec<RatePiece> = Vec::with_capacity(pieces.len());
    for piece in pieces {
        let is_constant = piece.first == piece.last;
        match joined.last_mut() {
            Some(before)
                if is_constant && before.until == piece.from && [before.first, before.last] == [piece.first; 2] =>
            {
                before.until = piece.until;
            }
            _ => joined.push(piece),
        }
    }
    Arrivals::Rate(joined)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::Time;

    #[test]
    fn only_neighbours_of_one_constant_rate_are_joined() {
        let piece = |from, until, first, last| RatePiece { from: Time(from), until: Time(until), first, last };
        let parts = vec![piece(0, 5, 1.0, 1.0), piece(5, 9, 1.0, 1.0), piece(9, 12, 1.0, 2.0), piece(12, 15, 2.0, 2.0)];
        let Arrivals::Rate(joined) = spaced(Arrivals::Rate(parts.clone())) else { panic!("no rate") };
        assert_eq!(joined, [piece(0, 9, 1.0, 1.0), parts[2], parts[3]]);
    }
}
