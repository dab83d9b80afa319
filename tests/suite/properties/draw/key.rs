//! Draws that are functions of a seed and a path, so that a value stays what it is when another is left out.

/// Where the draws of one value come from.
#[derive(Clone, Copy)]
pub struct Key(u64);

impl Key {
    pub fn of(seed: u64) -> Key {
        Key(mix(seed ^ 0x9e37_79b9_7f4a_7c15))
    }

    /// The key of something below, by its name.
    pub fn at(self, name: &str) -> Key {
        let text = name
            .bytes()
            .fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
        Key(mix(self.0.wrapping_add(mix(text))))
    }

    /// The key of the number-th of something.
    pub fn nth(self, number: u64) -> Key {
        Key(mix(self.0 ^ mix(number.wrapping_add(1))))
    }

    /// A seed for another family of draws.
    pub fn seed(self) -> u64 {
        self.0
    }

    /// Uniform from 0 to below 1.
    pub fn uniform(self) -> f64 {
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }

    pub fn chance(self, probability: f64) -> bool {
        self.uniform() < probability
    }

    /// A whole number below a limit.
    pub fn below(self, limit: usize) -> usize {
        (self.uniform() * limit as f64) as usize
    }

    /// A number between two ends, each order of magnitude as likely as another.
    pub fn magnitude(self, low: f64, high: f64) -> f64 {
        low * libm::pow(high / low, self.uniform())
    }
}

/// The finalizer of splitmix64.
fn mix(mut bits: u64) -> u64 {
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}
