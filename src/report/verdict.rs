//! What happened, in two or three sentences.

use super::Context;
use super::clock::Clock;
use super::findings::Findings;
use super::numbers::{duration, percent, si, trim_zeros};
use crate::measure::{Estimate, Figures};
use crate::vocabulary::Figure;

/// A pool this busy on average is full for most of the time.
const FULL: f64 = 0.9;
/// Retries below this are everyday.
const AMPLIFIED: f64 = 1.2;

/// The verdict: what failed and when, who suffered, what was in the way and when it was over.
pub fn verdict(context: &Context<'_>, figures: &Figures) -> String {
    let findings = Findings::of(context.spec, figures);
    let clock = Clock::of_drop(context.spec);
    let mut sentences = vec![what_happened(&findings, &clock)];
    if findings.failed > 0.0 {
        sentences.extend(who_suffered(figures));
    }
    sentences.extend(what_was_in_the_way(context, figures, &findings, &clock));
    sentences.join(" ")
}

/// One word: whether the thresholds held; where there are none, how bad the worst minute was.
pub fn word(figures: &Figures, findings: &Findings) -> &'static str {
    match findings.peak {
        _ if !figures.thresholds.is_empty() => {
            if figures.thresholds_held() {
                "held"
            } else {
                "failed"
            }
        }
        None => "empty",
        Some(peak) if peak.rate <= findings.bound => "calm",
        Some(peak) if peak.rate < 0.5 => "degraded",
        Some(_) => "outage",
    }
}

fn what_happened(findings: &Findings, clock: &Clock) -> String {
    if findings.ended <= 0.0 {
        return "No attempt ends in this window.".to_owned();
    }
    if findings.failed <= 0.0 {
        return format!("Nothing fails: all {} attempts are served.", si(findings.ended));
    }
    let bound = percent(findings.bound);
    let worst = match findings.peak {
        Some(peak) if peak.rate <= findings.bound => {
            return format!(
                "Hardly anything fails: in the worst {}, at {}, {} of attempts, within the limit of {bound}.",
                findings.window,
                clock.moment(peak.at_s),
                percent(peak.rate)
            );
        }
        Some(peak) => {
            format!(
                "In the worst {}, at {}, {} of attempts fail",
                findings.window,
                clock.moment(peak.at_s),
                percent(peak.rate)
            )
        }
        None => format!("{} of attempts fail", percent(findings.overall())),
    };
    let kind = match findings.outcomes.as_slice() {
        [] => String::new(),
        [(only, _)] => format!("; all of the failures are {}", only.phrase()),
        [(first, count), ..] if *count >= 0.5 * findings.failed => {
            format!("; {} of the failures are {}", percent(count / findings.failed), first.phrase())
        }
        [(first, _), (second, _), ..] => {
            format!("; most of the failures are {} and {}", first.phrase(), second.phrase())
        }
    };
    let above = match findings.above_s {
        seconds if seconds > 0.0 => format!(", and the error rate is above {bound} for {}", duration(seconds)),
        _ => String::new(),
    };
    format!("{worst}{above}{kind}.")
}

fn who_suffered(figures: &Figures) -> Option<String> {
    let mean = |figure| figures.figure(figure).map(|estimate: Estimate| estimate.mean).filter(|mean| mean.is_finite());
    let amplified = mean(Figure::RetryAmplification).filter(|ratio| *ratio >= AMPLIFIED);
    let amplified =
        amplified.map(|ratio| format!("each request takes {} attempts on average", trim_zeros(&format!("{ratio:.1}"))));
    let suffered = match (mean(Figure::ViewersSawError), mean(Figure::ViewersArrived)) {
        (Some(saw), Some(came)) if came > 0.0 && saw > 0.0 => {
            Some(format!("of {} viewers who come, {} ({}) see an error page", si(came), si(saw), percent(saw / came)))
        }
        (Some(_), Some(came)) if came > 0.0 => Some(format!("none of {} viewers sees an error page", si(came))),
        _ => None,
    };
    let parts: Vec<String> = suffered.into_iter().chain(amplified).collect();
    (!parts.is_empty()).then(|| format!("{}.", super::numbers::capital(&parts.join(", and "))))
}

fn what_was_in_the_way(context: &Context<'_>, figures: &Figures, findings: &Findings, clock: &Clock) -> Option<String> {
    let mut parts = Vec::new();
    if let Some(bottleneck) = findings.bottleneck {
        let pool = context.spec.pool.get_index(bottleneck.pool).map_or("?", |(name, _)| name.as_str());
        parts.push(match bottleneck.utilization {
            busy if busy >= FULL && bottleneck.wasted >= 0.05 => {
                format!(
                    "the bottleneck is pool {pool}, where {} of the work then serves nobody",
                    percent(bottleneck.wasted)
                )
            }
            busy if busy >= FULL => format!("the bottleneck is pool {pool}, {} busy", percent(busy)),
            busy => format!("the busiest pool, {pool}, is {} busy at that time", percent(busy)),
        });
    }
    parts.extend(findings.link.map(|link| match link {
        full if full >= 0.999 => "links are full".to_owned(),
        link => format!("links carry at most {} of their capacity", percent(link)),
    }));
    let parts = Some(parts.join(", while ")).filter(|way| !way.is_empty());
    let recovery =
        figures.summary.iter().find(|(figure, _)| *figure == Figure::Recovery).map(|(_, estimate)| *estimate);
    let recovered = match recovery {
        Some(None) if findings.in_trouble() => Some("it is not over when the run ends".to_owned()),
        Some(Some(at)) if findings.in_trouble() && at.mean > 0.0 => {
            Some(format!("it is over at {}, {} after the drop", clock.moment(at.mean), duration(at.mean)))
        }
        _ => None,
    };
    let sentence = parts.into_iter().chain(recovered).collect::<Vec<_>>().join("; ");
    (!sentence.is_empty()).then(|| format!("{}.", super::numbers::capital(&sentence)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::support::Morning;
    use crate::vocabulary::Outcome;

    fn of(morning: &Morning) -> String {
        verdict(&morning.context(), &morning.figures)
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
        hopeless.figures.summary.push((Figure::Recovery, None));
        assert_eq!(
            of(&hopeless),
            "In the worst minute, at 09:00, 100% of attempts fail, and the error rate is above 1% for 2 minutes; all of the failures are full queues (503). It is not over when the run ends."
        );
    }

    #[test]
    fn a_word_says_whether_it_held() {
        let morning = Morning::new();
        let word_of = |morning: &Morning| word(&morning.figures, &Findings::of(&morning.spec, &morning.figures));
        assert_eq!(word_of(&morning), "failed");
        assert_eq!(word_of(&Morning::with_surge(0.0)), "held");
        let mut without = morning;
        without.figures.thresholds.clear();
        assert_eq!(word_of(&without), "outage");
        assert_eq!(word_of(&Morning::empty(3, 0.0, 10.0)), "empty");
    }
}
