//! What happened, in two or three sentences.

use super::clock::Clock;
use super::numbers::{capital, duration, percent, si, trim_zeros};
use super::{Context, Subject};
use crate::analysis::Findings;
use crate::analysis::errors::Errors;
use crate::analysis::people::{Grade, Recovery};

/// Attempts for each request below which retries are everyday.
const AMPLIFIED: f64 = 1.2;

/// The verdict: what failed and when, who suffered, what was in the way and when it was over.
pub fn verdict(subject: &Subject<'_>) -> String {
    let Subject { context, findings, .. } = *subject;
    let clock = Clock::of_drop(context.spec);
    let mut sentences = vec![what_happened(&findings.errors, &clock)];
    if findings.errors.failed > 0.0 {
        sentences.extend(who_suffered(findings));
    }
    sentences.extend(what_was_in_the_way(context, findings, &clock));
    sentences.join(" ")
}

/// A grade in one word.
pub fn word(grade: Grade) -> &'static str {
    match grade {
        Grade::Held => "held",
        Grade::Failed => "failed",
        Grade::Empty => "empty",
        Grade::Calm => "calm",
        Grade::Degraded => "degraded",
        Grade::Outage => "outage",
    }
}

/// What the windows are called over which the error rate is judged.
pub fn window(errors: &Errors) -> &'static str {
    if errors.by_minute { "minute" } else { "interval" }
}

fn what_happened(errors: &Errors, clock: &Clock) -> String {
    if errors.ended <= 0.0 {
        return "No attempt ends in this window.".to_owned();
    }
    if errors.failed <= 0.0 {
        return format!("Nothing fails: all {} attempts are served.", si(errors.ended));
    }
    let bound = percent(errors.bound);
    let worst = match errors.peak {
        Some(peak) => {
            let (window, when, rate) = (window(errors), clock.moment(peak.at_s), percent(peak.rate));
            if peak.rate <= errors.bound {
                return format!(
                    "Hardly anything fails: in the worst {window}, at {when}, {rate} of attempts, within the limit of \
                     {bound}."
                );
            }
            format!("In the worst {window}, at {when}, {rate} of attempts fail")
        }
        None => format!("{} of attempts fail", percent(errors.overall())),
    };
    let above = match errors.above_s {
        seconds if seconds > 0.0 => format!(", and the error rate is above {bound} for {}", duration(seconds)),
        _ => String::new(),
    };
    format!("{worst}{above}{}.", how_it_failed(errors))
}

fn how_it_failed(errors: &Errors) -> String {
    match errors.outcomes.as_slice() {
        [] => String::new(),
        [(only, _)] => format!("; all of the failures are {}", only.phrase()),
        [(first, count), ..] if *count >= 0.5 * errors.failed => {
            format!("; {} of the failures are {}", percent(count / errors.failed), first.phrase())
        }
        [(first, _), (second, _), ..] => {
            format!("; most of the failures are {} and {}", first.phrase(), second.phrase())
        }
    }
}

fn who_suffered(findings: &Findings) -> Option<String> {
    let suffered = findings.viewers.map(|viewers| {
        let (saw, came) = (viewers.saw_error, viewers.arrived);
        if saw > 0.0 {
            format!("of {} viewers who come, {} ({}) see an error page", si(came), si(saw), percent(saw / came))
        } else {
            format!("none of {} viewers sees an error page", si(came))
        }
    });
    let amplified = findings.amplification.filter(|ratio| *ratio >= AMPLIFIED);
    let amplified =
        amplified.map(|ratio| format!("each request takes {} attempts on average", trim_zeros(&format!("{ratio:.1}"))));
    sentence(&suffered.into_iter().chain(amplified).collect::<Vec<_>>().join(", and "))
}

fn what_was_in_the_way(context: &Context<'_>, findings: &Findings, clock: &Clock) -> Option<String> {
    let mut parts = Vec::new();
    if let Some(bottleneck) = findings.bottleneck {
        let (pool, busy) = (context.pool(bottleneck.pool), percent(bottleneck.utilization));
        parts.push(if bottleneck.is_full() && bottleneck.is_wasteful() {
            let wasted = percent(bottleneck.wasted);
            format!("the bottleneck is pool {pool}, where {wasted} of the work then serves nobody")
        } else if bottleneck.is_full() {
            format!("the bottleneck is pool {pool}, {busy} busy")
        } else {
            format!("the busiest pool, {pool}, is {busy} busy at that time")
        });
    }
    parts.extend(findings.link.map(|link| match findings.link_is_full() {
        true => "links are full".to_owned(),
        false => format!("links carry at most {} of their capacity", percent(link)),
    }));
    let way = Some(parts.join(", while ")).filter(|way| !way.is_empty());
    let recovered = match findings.recovery {
        Recovery::NotOver => Some("it is not over when the run ends".to_owned()),
        Recovery::Over(at) if at.mean > 0.0 => {
            Some(format!("it is over at {}, {} after the drop", clock.moment(at.mean), duration(at.mean)))
        }
        _ => None,
    };
    sentence(&way.into_iter().chain(recovered).collect::<Vec<_>>().join("; "))
}

/// The words as a sentence, if there are any.
fn sentence(words: &str) -> Option<String> {
    (!words.is_empty()).then(|| format!("{}.", capital(words)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::support::Morning;
    use crate::vocabulary::{Figure, Outcome};

    fn of(morning: &Morning) -> String {
        verdict(&morning.subject(&morning.context(), &morning.findings()))
    }

    #[test]
    fn the_morning_is_told_in_three_sentences() {
        let text = of(&Morning::new());
        assert!(text.starts_with("In the worst minute, at 09:02, 94% of attempts fail, and the error rate is above 1% for 20 minutes; 75% of the failures are gateway timeouts (504)."), "{text}");
        assert!(text.contains("see an error page, and each request takes 2.4 attempts on average."), "{text}");
        assert!(text.contains("The bottleneck is pool api, where 70% of the work then serves nobody"), "{text}");
        assert!(text.ends_with("it is over at 09:20, 20 minutes after the drop."), "{text}");
        assert_eq!(text.matches(". ").count(), 2, "{text}");
    }

    #[test]
    fn quiet_empty_and_hopeless_mornings_are_told_truly() {
        let text = of(&Morning::with_surge(0.0));
        assert!(text.starts_with("Nothing fails: all 6.5M attempts are served. The busiest pool, api,"), "{text}");
        assert_eq!(of(&Morning::empty(5, 0.0, 10.0)), "No attempt ends in this window.");
        let mut hopeless = Morning::empty(12, 0.0, 10.0);
        hopeless.fill(Outcome::Rejected.column(), 50.0);
        hopeless.figures.summary.push((Figure::Recovery.into(), None));
        assert_eq!(
            of(&hopeless),
            "In the worst minute, at 09:00, 100% of attempts fail, and the error rate is above 1% for 2 minutes; all of the failures are full queues (503). It is not over when the run ends."
        );
    }

    #[test]
    fn a_word_says_whether_it_held() {
        let morning = Morning::new();
        let word_of = |morning: &Morning| word(morning.findings().grade);
        assert_eq!(word_of(&morning), "failed");
        assert_eq!(word_of(&Morning::with_surge(0.0)), "held");
        let mut without = morning;
        without.figures.thresholds.clear();
        assert_eq!(word_of(&without), "outage");
        assert_eq!(word_of(&Morning::empty(3, 0.0, 10.0)), "empty");
    }
}
