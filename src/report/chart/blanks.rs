//! Stretches of a plot in which its curves have no value, and what is so there: an empty plot alone does not say why it is empty.

use super::View;
use super::model::{Block, Colour, Part, Room, Text};
use super::panel::Panel;
use super::theme;
use crate::analysis::waiting::runs_of;

/// Width of a stretch from which on it is drawn.
const LEAST: f64 = 6.0;
/// Space beside the words of a stretch.
const BESIDE: f64 = 8.0;

/// A stretch without a value.
#[derive(Clone, Debug, PartialEq)]
pub struct Blank {
    /// Begin, in seconds from the drop.
    pub from_s: f64,
    /// End, in seconds from the drop.
    pub until_s: f64,
    /// Reason for the missing value, drawn over the stretch.
    pub words: &'static str,
}

/// Why a percentile has no value, in words for each reason; nothing is drawn where a reason has no words.
#[derive(Clone, Copy, Debug)]
pub struct Reasons {
    /// Nothing ends.
    pub idle: &'static str,
    /// Some end, and none of these has a value.
    pub none: &'static str,
    /// Fewer have a value than a percentile needs.
    pub few: &'static str,
    /// A percentile is left out for long since it jumps up and down.
    pub jumps: &'static str,
    /// No time is measured before the release.
    pub early: &'static str,
}

impl Reasons {
    /// The reasons for times of requests.
    pub const REQUESTS: Reasons = Reasons {
        idle: "no request ends",
        none: "no request is served",
        few: "too few are served to tell a time",
        jumps: "the median jumps between fast and slow",
        early: "",
    };
    /// The reasons for times of attempts, where each value is drawn below the percentiles.
    pub const ATTEMPTS: Reasons =
        Reasons { idle: "no attempt ends", none: "no attempt is served", few: "", jumps: "", early: "" };
    /// The reasons for times to the first frame.
    pub const STREAMS: Reasons = Reasons {
        idle: "no stream starts",
        none: "no stream starts",
        few: "too few streams start to tell a time",
        jumps: "the median jumps between soon and late",
        early: "not measured before the release",
    };
}

/// The stretches in which bins have no value and fewer are counted than `least`; `counts` has how many have a value in each bin,
/// `ended` how many end.
pub fn blanks(
    view: &View<'_>,
    (counts, ended): (&[f64], &[f64]),
    least: f64,
    reasons: Reasons,
    is_blank: impl Fn(usize) -> bool,
) -> Vec<Blank> {
    let known = |value: Option<&f64>| value.copied().filter(|value| value.is_finite()).unwrap_or(0.0);
    // What was not simulated is no blank of the run.
    let until_s = view.context.partial_until_s.unwrap_or(f64::INFINITY);
    let is_few = |bin: usize| view.intervals[bin].0 < until_s && known(counts.get(bin)) < least;
    let runs = runs_of(0..view.intervals.len(), |bin| is_blank(bin) && is_few(bin));
    let blank = |run: std::ops::Range<usize>| {
        let sum = |of: &[f64]| run.clone().map(|bin| known(of.get(bin))).sum::<f64>();
        let words = match (sum(counts) > 0.0, sum(ended) > 0.0) {
            (true, _) => reasons.few,
            (false, true) => reasons.none,
            (false, false) => reasons.idle,
        };
        (!words.is_empty()).then(|| Blank::of(view, &run, words))
    };
    runs.into_iter().filter_map(blank).collect()
}

/// The stretches of bins in which something is so that leaves no value.
pub fn stretches(view: &View<'_>, words: &'static str, is_blank: impl Fn(usize) -> bool) -> Vec<Blank> {
    runs_of(0..view.intervals.len(), is_blank).iter().map(|run| Blank::of(view, run, words)).collect()
}

/// The blanks whose reasons have words, in the order of time; neighbours with the same reason are one.
pub fn joined(blanks: impl Iterator<Item = Blank>) -> Vec<Blank> {
    let mut blanks: Vec<Blank> = blanks.filter(|blank| !blank.words.is_empty()).collect();
    blanks.sort_by(|a, b| a.from_s.total_cmp(&b.from_s));
    blanks.dedup_by(|next, last| {
        let is_one = next.words == last.words && next.from_s <= last.until_s + 1e-6;
        if is_one {
            last.until_s = next.until_s.max(last.until_s);
        }
        is_one
    });
    blanks
}

impl Blank {
    fn of(view: &View<'_>, run: &std::ops::Range<usize>, words: &'static str) -> Blank {
        Blank { from_s: view.intervals[run.start].0, until_s: view.intervals[run.end - 1].1, words }
    }
}

impl Panel {
    /// Shades stretches without a value and writes the words where there is room. Returns the words for which there is none
    /// anywhere.
    pub fn blanks(&mut self, blanks: &[Blank]) -> Vec<&'static str> {
        let (mut written, mut left): (Vec<&str>, Vec<&'static str>) = (Vec::new(), Vec::new());
        for blank in blanks {
            let (Some(shade), Room { top, bottom, .. }) = (self.shade(blank), self.room) else { continue };
            let (from, until) = (shade.from.0, shade.to.0);
            self.under.push(Part::Block(shade));
            if until - from < theme::NOTE.measure(blank.words) + 2.0 * BESIDE {
                left.push(blank.words);
                continue;
            }
            written.push(blank.words);
            let middle = ((from + until) / 2.0, (top + bottom) / 2.0);
            self.label(Text::new(blank.words, middle, theme::NOTE).centred());
        }
        left.retain(|words| {
            let is_new = !written.contains(words);
            written.extend(is_new.then_some(words));
            is_new
        });
        left
    }

    /// Shades blanks below the curves, which go on through them.
    pub fn shade_below(&mut self, blanks: &[Blank]) {
        let shades: Vec<Part> = blanks.iter().filter_map(|blank| self.shade(blank)).map(Part::Block).collect();
        self.under.splice(0..0, shades);
    }

    /// The shade of a blank, if it is wide enough to be seen.
    fn shade(&self, blank: &Blank) -> Option<Block> {
        let [from, until] = [blank.from_s, blank.until_s].map(|at_s| self.place((at_s, self.y.low)).0);
        let Room { top, bottom, .. } = self.room;
        let shade = Block { from: (from, top), to: (until, bottom), colour: Colour::Grid, opacity: 0.5 };
        (until - from >= LEAST).then_some(shade)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::chart::axis::Axis;
    use crate::report::support::Morning;

    #[test]
    fn a_stretch_without_a_value_says_why() {
        let morning = Morning::empty(6, 0.0, 10.0);
        let (mut context, findings) = (morning.context(), morning.findings());
        let of = |context: &crate::report::Context<'_>, ended: [f64; 6]| -> Vec<(f64, f64, &'static str)> {
            let view = View::whole(&morning.subject(context, &findings));
            let counts = [0.0, 0.0, 0.0, 40.0, 5.0, f64::NAN];
            let blanks = blanks(&view, (&counts, &ended), 30.0, Reasons::REQUESTS, |bin| bin != 3);
            blanks.iter().map(|blank| (blank.from_s, blank.until_s, blank.words)).collect()
        };
        let few = (40.0, 60.0, "too few are served to tell a time");
        assert_eq!(of(&context, [9.0, 9.0, 9.0, 40.0, 5.0, 0.0]), [(0.0, 30.0, "no request is served"), few]);
        assert_eq!(of(&context, [0.0, 0.0, 0.0, 40.0, 5.0, 0.0])[0], (0.0, 30.0, "no request ends"));
        context.partial_until_s = Some(20.0);
        assert_eq!(of(&context, [0.0; 6]), [(0.0, 20.0, "no request ends")]);
    }

    #[test]
    fn stretches_that_meet_with_one_reason_are_one() {
        let blank = |from_s, until_s, words| Blank { from_s, until_s, words };
        let found =
            [blank(30.0, 40.0, "few"), blank(0.0, 10.0, "few"), blank(10.0, 30.0, "few"), blank(40.0, 50.0, "")];
        assert_eq!(joined(found.into_iter()), [blank(0.0, 40.0, "few")]);
        let apart = [blank(0.0, 10.0, "few"), blank(10.0, 30.0, "jumps"), blank(31.0, 40.0, "jumps")];
        assert_eq!(joined(apart.clone().into_iter()), apart);
    }

    #[test]
    fn words_stand_in_their_stretch_or_are_handed_back() {
        let room = Room { left: 100.0, top: 100.0, right: 900.0, bottom: 300.0 };
        let mut panel = Panel::new(room, &Axis::counts(60.0, 6), Axis::counts(10.0, 5));
        let blank = |from_s, until_s, words| Blank { from_s, until_s, words };
        let blanks = [blank(0.0, 40.0, "no request ends"), blank(41.0, 43.0, "no server"), blank(50.0, 50.1, "few")];
        assert_eq!(panel.blanks(&blanks), ["no server"]);
        assert_eq!((panel.under.len(), panel.over.len()), (2, 1), "the narrowest is not seen");
        let in_turn = [blank(0.0, 1.0, "few"), blank(2.0, 3.0, "jumps"), blank(4.0, 5.0, "few")];
        assert_eq!(panel.blanks(&in_turn), ["few", "jumps"]);
        panel.heading_with(500.0, "Heading", &[&"a note that is far too long ".repeat(4), "grey: no server"]);
        let Some(Part::Label { text, .. }) = panel.over.last() else { panic!("no note") };
        assert_eq!(text.text, "grey: no server");
    }
}
