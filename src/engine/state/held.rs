//! The attempts in the slots of each server, kept where servers may lose them.

use super::slab::NO_ROW;

/// Linked lists of the attempts in slots, one for each server.
#[derive(Default)]
pub struct Held {
    /// By server, the row of the attempt that came last.
    newest: Vec<u32>,
    /// By row of an attempt in a slot, the rows of the attempts that came after and before it at the same server.
    links: Vec<[u32; 2]>,
}

impl Held {
    /// An attempt takes a slot of a server.
    #[cold]
    #[inline(never)]
    pub fn join(&mut self, row: u32, server: u32) {
        let (at, number) = (server as usize, row as usize);
        if at >= self.newest.len() {
            self.newest.resize((at + 1).next_power_of_two(), NO_ROW);
        }
        if number >= self.links.len() {
            self.links.resize((number + 1).next_power_of_two(), [NO_ROW; 2]);
        }
        let before = std::mem::replace(&mut self.newest[at], row);
        self.links[number] = [NO_ROW, before];
        if before != NO_ROW {
            self.links[before as usize][0] = row;
        }
    }

    /// An attempt leaves its slot.
    #[cold]
    #[inline(never)]
    pub fn leave(&mut self, row: u32, server: u32) {
        let [after, before] = self.links[row as usize];
        match after {
            NO_ROW => self.newest[server as usize] = before,
            after => self.links[after as usize][1] = before,
        }
        if before != NO_ROW {
            self.links[before as usize][0] = after;
        }
    }

    /// The rows of the attempts in the slots of a server, the newest first.
    pub fn rows_of(&self, server: u32) -> impl Iterator<Item = u32> + '_ {
        let some = |row: u32| (row != NO_ROW).then_some(row);
        let newest = self.newest.get(server as usize).copied().and_then(some);
        std::iter::successors(newest, move |row| some(self.links[*row as usize][1]))
    }

    /// Bytes of the lists.
    pub fn bytes(&self) -> usize {
        self.newest.capacity() * size_of::<u32>() + self.links.capacity() * size_of::<[u32; 2]>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Key, Purpose};

    /// The slow twin is a list that is searched.
    #[test]
    fn what_a_server_holds_is_what_came_and_has_not_left() {
        let mut draw = Key::root(6, 0).draw(Purpose::Service);
        let (mut held, mut twin) = (Held::default(), Vec::<(u32, u32)>::new());
        for step in 0..20_000 {
            if draw.bits().is_multiple_of(2) && twin.len() < 30 {
                let row = (0..).find(|row| twin.iter().all(|(known, _)| known != row)).unwrap_or(0);
                let server = (draw.bits() % 4) as u32;
                held.join(row, server);
                twin.push((row, server));
            } else if !twin.is_empty() {
                let (row, server) = twin.remove(draw.bits() as usize % twin.len());
                held.leave(row, server);
            }
            for server in 0..4 {
                let expected: Vec<u32> =
                    twin.iter().rev().filter(|(_, at)| *at == server).map(|(row, _)| *row).collect();
                assert_eq!(held.rows_of(server).collect::<Vec<_>>(), expected, "step {step}");
            }
        }
        assert_eq!(held.rows_of(1_000).next(), None);
    }
}
