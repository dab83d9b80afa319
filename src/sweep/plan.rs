//! The plan of a sweep: reads the file and checks every point of the sweep.

use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::alike;
use super::baseline;
use super::draft::{self, Draft};
use super::outline::{MOST_AXES, MOST_SOBOL, MOST_UNITS, Outline, Replications, hex};
use super::prices::{self, Prices};
use super::show;
use super::spec::{Design, PlanSpec, schema};
use super::unit::metrics;
use super::validate::{self, Told};
use crate::document::check::check;
use crate::document::files::{self, name_of};
use crate::document::source::Origin;
use crate::document::tree::Node;
use crate::document::wanted;
use crate::document::{Diagnostic, Diagnostics};
use crate::model;
use crate::scenario::{Kind, Scenario};
use crate::vocabulary::Path as Figure;

/// A plan, every point of which is valid.
#[derive(Clone, Debug)]
pub struct Plan {
    outline: Outline,
    scenario: Scenario,
    /// The metrics of the outline, as figures.
    metrics: Vec<Figure>,
    /// The costs of the values of its levers; `None` where settings vary.
    prices: Option<Prices>,
}

impl Plan {
    /// Reads a plan, its scenario, and checks every point.
    ///
    /// `settings` hold at all points and take precedence over the plan and the scenario.
    ///
    /// # Errors
    /// Every error of the plan, each located; for invalid points, those of the first few.
    pub fn read(path: &Path, settings: &[(String, String)]) -> Result<Plan, Diagnostics> {
        Plan::read_and_tell(path, &[], settings, &|_, _| ())
    }

    /// Reads a plan and merges overlays into its scenario, in their order; see [`Plan::read`]. `told` reports the
    /// progress of the check: the points checked and the points in total, which may be millions.
    ///
    /// # Errors
    /// Every error of the plan and of the overlays, each located in its own file.
    pub fn read_and_tell(
        path: &Path,
        overlays: &[PathBuf],
        settings: &[(String, String)],
        told: &Told<'_>,
    ) -> Result<Plan, Diagnostics> {
        let name = name_of(path, "sweep")?;
        let source = files::read(path, Origin::Plan, PathBuf::new())?;
        let tree = wanted::read(schema(), &source).map_err(Diagnostics::new)?;
        if let Some(error) = Kind::instead_of_plan(&tree) {
            return Err(error.into());
        }
        Reader::new(tree, overlays).read(name, settings, told)
    }

    /// The part of the plan that decides the results.
    pub fn outline(&self) -> &Outline {
        &self.outline
    }

    /// The scenario before anything varies.
    pub fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    /// The costs of the values of its levers; `None` for a plan whose settings vary without a cost.
    pub fn prices(&self) -> Option<&Prices> {
        self.prices.as_ref()
    }

    /// The same plan with another number of replications of each point.
    pub fn replicated(mut self, replications: u64) -> Plan {
        self.outline.replications = Replications::Fixed(replications);
        self
    }

    /// The figures of each unit, in the order of the outline's metrics.
    pub(super) fn metrics(&self) -> &[Figure] {
        &self.metrics
    }

    /// The scenario at a point.
    ///
    /// # Errors
    /// Only if a file that the scenario names has changed since the plan was read.
    pub fn scenario_at(&self, point: u64) -> Result<Scenario, Diagnostics> {
        self.scenario.with_all(&self.outline.settings_to_set(point))
    }
}

/// A plan that is being read.
struct Reader<'a> {
    tree: Node,
    /// Overlays over the scenario.
    overlays: &'a [PathBuf],
    found: Vec<Diagnostic>,
}

impl<'a> Reader<'a> {
    fn new(mut tree: Node, overlays: &'a [PathBuf]) -> Reader<'a> {
        let found = check(&mut tree, schema());
        Reader { tree, overlays, found }
    }

    fn read(mut self, name: String, settings: &[(String, String)], told: &Told<'_>) -> Result<Plan, Diagnostics> {
        let spec: PlanSpec = match schema().deserialize(&self.tree) {
            Ok(spec) => spec,
            Err(error) => {
                self.found.push(error);
                return Err(Diagnostics::new(self.found));
            }
        };
        let scenario = self.scenario(&spec, settings);
        let (drafts, prices) = self.axes(&spec, settings);
        let names = scenario.as_ref().map_or_else(Default::default, |scenario| model::names(scenario.spec()));
        let known: Vec<String> = Figure::every(&names).iter().map(|path| path.name(&names)).collect();
        // Without a valid scenario, which has its own errors, regions, pools and requests are unknown.
        let is_known = |name: &str| {
            known.iter().any(|known| known == name) || (scenario.is_none() && Figure::read(name).is_some())
        };
        let figures = show::Known { names: &known, is_known: &is_known };
        let replications = self.replications(&spec, &figures);
        show::check(&self.tree, &spec.show, &drafts, &figures, &mut self.found);
        let Some(scenario) = scenario else { return Err(Diagnostics::new(self.found)) };
        if prices.is_some() && scenario.spec().threshold.is_empty() {
            let node = self.tree.child("scenario").unwrap_or(&self.tree);
            let error = node.error("the scenario has no thresholds", "no combination of levers could keep to them");
            self.found.push(error.help("state one in the scenario with [[threshold]]"));
        }
        let metrics = metrics(&show::figures(&spec), &names);
        let mut outline = Outline {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            name,
            description: spec.description.clone(),
            title: if spec.title.is_empty() { scenario.spec().title.clone() } else { spec.title.clone() },
            scenario: scenario.name().to_owned(),
            seed: scenario.spec().seed,
            scale: scenario.spec().scale,
            replications,
            axes: drafts.iter().map(|draft| draft.axis.clone()).collect(),
            sample: spec.sample.clone(),
            baseline: 0,
            baseline_is: "the first point".to_owned(),
            show: spec.show.clone(),
            metrics: metrics.iter().map(|path| path.name(&names)).collect(),
            resolved: scenario.resolved(),
            data: Vec::new(),
            alike: Vec::new(),
        };
        if !drafts.is_empty() && self.fits(&outline) {
            baseline::choose(&self.tree, &scenario, &mut outline, &mut self.found);
            match validate::points(&outline, &scenario, &drafts, self.found.is_empty(), told) {
                Ok(data) => {
                    outline.data = data.iter().map(|bytes| hex(&Sha256::digest(bytes))).collect();
                    outline.data.sort();
                    outline.data.dedup();
                }
                Err(errors) => self.found.extend(errors),
            }
        }
        if self.found.is_empty() {
            outline.alike = alike::points(&outline, &scenario);
            return Ok(Plan { outline, scenario, metrics, prices });
        }
        Err(Diagnostics::new(self.found))
    }

    /// The scenario with the settings that hold at all points.
    fn scenario(&mut self, spec: &PlanSpec, settings: &[(String, String)]) -> Option<Scenario> {
        let node = self.tree.child("scenario").filter(|node| !node.doubtful())?;
        let mut fixed = self.tree.child("set").filter(|set| !set.placeholder).map(draft::fixed).unwrap_or_default();
        let own = [
            ("scale", spec.scale.map(|scale| scale.to_string())),
            ("force_scale", spec.force_scale.then(|| "true".to_owned())),
            ("seed", spec.seed.map(|seed| seed.to_string())),
        ];
        fixed.extend(own.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?, self.tree.child(key)?))));
        let mut all: Vec<(String, String)> =
            fixed.iter().map(|(path, value, _)| (path.clone(), value.clone())).collect();
        all.extend_from_slice(settings);
        match Scenario::read_and_set(&node.source.folder.join(&spec.scenario), self.overlays, &all) {
            Ok(scenario) => Some(scenario),
            Err(errors) => {
                self.found.extend(errors.into_iter().map(|error| {
                    let own = error.in_setting().and_then(|(index, span)| Some((fixed.get(index)?, span)));
                    match own {
                        Some(((path, _, at), span)) if span.end <= path.len() => {
                            error.moved(&at.source, at.key_span.clone())
                        }
                        Some(((_, _, at), _)) => error.moved(&at.source, at.span.clone()),
                        None => node.locate(error, "named here"),
                    }
                }));
                None
            }
        }
    }

    /// The axes of what varies, or of the levers with their prices.
    fn axes(&mut self, spec: &PlanSpec, settings: &[(String, String)]) -> (Vec<Draft>, Option<Prices>) {
        let levers = prices::read(&self.tree, spec, &mut self.found);
        let vary = self.tree.child("vary").filter(|vary| !vary.placeholder);
        let (drafts, prices) = match (vary, levers) {
            (Some(vary), Some(_)) => {
                let error = vary.key_error("`vary` cannot stand beside `lever`", "one too many");
                self.found.push(error.help("a lever has values too, and a cost for each"));
                return (Vec::new(), None);
            }
            (None, Some((drafts, prices))) => {
                if let Some(sample) = self.tree.child("sample") {
                    let error = sample.key_error("a sample cannot stand beside levers", "one too many");
                    self.found.push(error.help("levers have listed values, every combination of which may be tried"));
                    return (Vec::new(), None);
                }
                (drafts, Some(prices))
            }
            (Some(vary), None) => (self.varied(vary.clone(), spec), None),
            (None, None) => {
                if self.tree.child("vary").is_none() {
                    let error = self.tree.error("`vary` is missing", "nothing varies");
                    self.found.push(error.help(
                        "state what varies, as `\"pool.api.servers\" = [8, 10]` under [vary], or what could be done and \
                         its cost, [[lever]]",
                    ));
                }
                return (Vec::new(), None);
            }
        };
        let mut drafts = drafts;
        draft::overlaps(&drafts, &mut self.found);
        if let Some(labels) = self.tree.child("labels").filter(|labels| !labels.placeholder) {
            draft::label(labels, &mut drafts, &mut self.found);
        }
        self.few_and_free(&drafts, settings);
        (drafts, prices)
    }

    /// The axes of the table `vary`.
    fn varied(&mut self, vary: Node, spec: &PlanSpec) -> Vec<Draft> {
        if vary.as_table().is_some_and(|table| table.is_empty()) {
            let error = vary.key_error("nothing varies", "this is empty");
            self.found.push(error.help("for example \"pool.api.servers\" = [100, 200, 400]"));
            return Vec::new();
        }
        draft::axes(&vary, "", spec.sample.is_some(), &mut self.found)
    }

    /// Reports more axes than there may be, and those that are set on the command line or for all points.
    fn few_and_free(&mut self, drafts: &[Draft], settings: &[(String, String)]) {
        if let Some(first) = drafts.get(MOST_AXES) {
            let error = Diagnostic::error(format!("{} parameters vary", drafts.len()));
            self.found.push(error.at(&first.source, first.key.clone(), format!("at most {MOST_AXES} may")));
        }
        for draft in drafts {
            let set = |path: &&String| settings.iter().any(|(set, _)| set == *path);
            if let Some(path) = draft.axis.parameter.paths.iter().find(set) {
                let error = Diagnostic::error(format!("`{path}` is set on the command line and varies in the plan"));
                let error = error.at(&draft.source, draft.key.clone(), "varies here");
                self.found.push(error.help("leave one of them out"));
            }
        }
    }

    fn replications(&mut self, spec: &PlanSpec, figures: &show::Known<'_>) -> Replications {
        let Some(until) = &spec.until else { return Replications::Fixed(spec.replications.unwrap_or(1)) };
        if let Some(node) = self.tree.child("replications") {
            let error = node.key_error("`replications` cannot stand beside `until`", "one too many");
            self.found.push(error.help("`until` has its own bound: at_most = 200"));
        }
        show::metric(&self.tree, "until.metric", &until.metric, figures, &mut self.found);
        let positive = matches!(until.half_width,
            super::HalfWidth::Absolute(value) | super::HalfWidth::Relative(value) if value > 0.0);
        if let (false, Some(node)) = (positive, self.tree.child("until").and_then(|until| until.child("half_width"))) {
            let error = node.error("expected a width above zero", "no interval is as narrow as this");
            self.found.push(error.help("for example \"5%\" of the mean, or 0.01 in the unit of the metric"));
        }
        Replications::Until(until.clone())
    }

    /// Whether the sweep has no more points and units than a sweep may have; reports it otherwise.
    fn fits(&mut self, outline: &Outline) -> bool {
        let sample = outline.sample.as_ref();
        if let (Some(sample), Some(node)) = (sample, self.tree.child("sample").and_then(|s| s.child("points")))
            && sample.design == Design::Sobol
            && sample.points > MOST_SOBOL
        {
            let error = node.error("the Sobol sequence has no more than 65,536 points", "too many");
            self.found.push(error.help("design = \"latin-hypercube\" has no such bound"));
            return false;
        }
        let points = outline.points_unchecked();
        let most = u128::from(outline.replications.most());
        if points.saturating_mul(most) <= u128::from(MOST_UNITS) {
            return true;
        }
        let points = grouped(points);
        let node = self.tree.child(if sample.is_some() { "sample" } else { "vary" }).unwrap_or(&self.tree);
        let label = match (sample, most) {
            (None, 1) => {
                let lengths = outline.axes.iter().map(|axis| grouped(axis.len() as u128));
                format!("{} = {points} points", lengths.collect::<Vec<_>>().join(" × "))
            }
            _ => format!("{points} points × {} replications", grouped(most)),
        };
        let error = node.key_error("the sweep is too large", label);
        let help =
            format!("at most {} units; [sample] covers a large space with few points", grouped(MOST_UNITS.into()));
        self.found.push(error.help(help));
        false
    }
}

/// A whole number with commas between the thousands.
fn grouped(number: u128) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
