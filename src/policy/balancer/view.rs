//! A stale view: loads as they stood when the balancer last looked, at each multiple of a span.
//!
//! No list is copied at a look. The first change of a load after a look saves the load as it stood, and the list of saved
//! loads is cleared at the next look, so that a run pays for changes and not for servers.

use crate::units::{Span, Time};

/// Loads as they stood at the last multiple of a span.
#[derive(Clone, Debug)]
pub struct View {
    age: Span,
    /// The next look.
    next: Time,
    /// By server: the load at the last look, where the load has changed since.
    saved: Vec<u32>,
    /// By server: whether the load has changed since the last look.
    changed: Vec<bool>,
    /// The servers whose load has changed since the last look.
    list: Vec<u32>,
}

impl View {
    /// A view that is as old as `age` at most, which is above zero. Until its first look the servers are idle.
    pub fn new(age: Span, servers: u32) -> View {
        let mut view = View { age, next: Time::START, saved: Vec::new(), changed: Vec::new(), list: Vec::new() };
        view.resize(servers);
        view
    }

    /// The span between two looks.
    pub fn age(&self) -> Span {
        self.age
    }

    /// Takes the looks that are due at `now`; calls `refresh` with each server whose load has changed before the last of them.
    #[inline]
    pub fn look(&mut self, now: Time, refresh: impl FnMut(u32)) {
        if now >= self.next {
            self.look_again(now, refresh);
        }
    }

    #[cold]
    fn look_again(&mut self, now: Time, mut refresh: impl FnMut(u32)) {
        let age = self.age.0 as u64;
        self.next = Time((now.0 / age + 1) * age);
        for server in self.list.drain(..) {
            self.changed[server as usize] = false;
            refresh(server);
        }
    }

    /// Saves the load of a server before a change.
    #[inline]
    pub fn save(&mut self, server: u32, load: u32) {
        let changed = &mut self.changed[server as usize];
        if !*changed {
            *changed = true;
            self.saved[server as usize] = load;
            self.list.push(server);
        }
    }

    /// The load of a server as it stood at the last look, given the load now.
    #[inline]
    pub fn of(&self, server: u32, load: u32) -> u32 {
        if self.changed[server as usize] { self.saved[server as usize] } else { load }
    }

    /// Changes the number of servers; servers that are added are seen idle.
    pub fn resize(&mut self, servers: u32) {
        if (servers as usize) < self.saved.len() {
            self.list.retain(|server| *server < servers);
        }
        // Each server is listed once at most.
        self.list.reserve((servers as usize).saturating_sub(self.list.len()));
        self.saved.resize(servers as usize, 0);
        self.changed.resize(servers as usize, false);
    }

    /// A new server has the number of one that is gone, and is seen idle.
    pub fn renew(&mut self, server: u32) {
        self.saved[server as usize] = 0;
    }
}
