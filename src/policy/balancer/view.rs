//! A stale view of the loads of servers, refreshed at each multiple of a span.
//!
//! No list is copied at a refresh. The first change of a load after a refresh saves the load before the change, and the
//! list of saved loads is cleared at the next refresh, so the cost follows the number of changes and not the number of
//! servers.

use crate::units::{Span, Time};

/// Loads as they stood at the last multiple of a span.
#[derive(Clone, Debug)]
pub struct View {
    age: Span,
    /// The time of the next refresh.
    next: Time,
    /// By server, the load at the last refresh, where the load has changed since.
    saved: Vec<u32>,
    /// By server, whether the load has changed since the last refresh.
    changed: Vec<bool>,
    /// The servers whose load has changed since the last refresh.
    list: Vec<u32>,
}

impl View {
    /// A view whose age is at most `age`, which is above zero. Until the first refresh all servers are seen idle.
    pub fn new(age: Span, servers: u32) -> View {
        let mut view = View { age, next: Time::START, saved: Vec::new(), changed: Vec::new(), list: Vec::new() };
        view.resize(servers);
        view
    }

    /// The span between two refreshes.
    pub fn age(&self) -> Span {
        self.age
    }

    /// Refreshes the view if a refresh is due at `now`; calls `refresh` with each server whose load has changed since
    /// the last one.
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

    /// The load of a server at the last refresh, given the load now.
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

    /// Resets a number for a new server, which is seen idle.
    pub fn renew(&mut self, server: u32) {
        self.saved[server as usize] = 0;
    }
}
