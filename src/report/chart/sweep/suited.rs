//! The charts of a plan without `[show]`: of one parameter curves, of two a heat map, of three small multiples, of more and
//! of samples a ranking.

use crate::analysis::frame::USUAL_BOUND;
use crate::document::bound::Bound;
use crate::document::unions::OneOrMany;
use crate::sweep::{Curves, Heatmap, Outline, Ranking, Replications, Show, SmallMultiples};
use crate::vocabulary::Figure;

/// The figure that is shown where the plan asks for none.
pub const USUAL: Figure = Figure::ErrorRatePeak;

/// The charts that suit a plan.
pub fn charts(outline: &Outline) -> Show {
    let metric = match outline.replications() {
        Replications::Until(until) => until.metric.clone(),
        Replications::Fixed(_) => USUAL.name().to_owned(),
    };
    let bound = (metric == USUAL.name()).then(|| Bound::share(USUAL_BOUND));
    let mut wide: Vec<(String, usize)> = outline
        .parameters()
        .zip(outline.values_per_parameter())
        .filter(|(_, values)| values.is_none_or(|values| values > 1))
        .map(|(parameter, values)| (parameter.name().to_owned(), values.unwrap_or(usize::MAX)))
        .collect();
    let mut show = Show::default();
    if wide.len() > 1 && (wide.len() > 3 || !outline.is_grid()) {
        show.ranking = OneOrMany(vec![Ranking { metrics: vec![metric] }]);
        return show;
    }
    // The parameter with the fewest values is what heatmaps differ by.
    if wide.len() == 3
        && let Some(fewest) = (0..3).min_by_key(|index| wide[*index].1)
    {
        let across = wide.remove(fewest).0;
        let (x, y) = (wide[0].0.clone(), wide[1].0.clone());
        show.small_multiples = OneOrMany(vec![SmallMultiples { x, y, colour: metric, across, contour: bound }]);
        return show;
    }
    match &wide[..] {
        [(x, _)] => show.curves = OneOrMany(vec![Curves { x: x.clone(), y: metric, bound, by: None }]),
        [(x, _), (y, _)] => {
            let chart = Heatmap { x: x.clone(), y: y.clone(), colour: metric, contour: bound };
            show.heatmap = OneOrMany(vec![chart]);
        }
        _ => {}
    }
    show
}

/// The figures that charts need.
pub fn metrics(show: &Show) -> Vec<&str> {
    let mut names: Vec<&str> = show.heatmap.iter().map(|chart| chart.colour.as_str()).collect();
    names.extend(show.curves.iter().map(|chart| chart.y.as_str()));
    names.extend(show.small_multiples.iter().map(|chart| chart.colour.as_str()));
    names.extend(show.ranking.iter().flat_map(|chart| chart.metrics.iter().map(String::as_str)));
    names.extend(show.cost.iter().flat_map(|chart| [chart.figure.as_str(), chart.against()]));
    names.sort_unstable();
    names.dedup();
    names
}
