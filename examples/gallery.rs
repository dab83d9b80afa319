//! Draws every picture of some scenarios and plans of sweeps, and lays them out on contact sheets.
//!
//! `cargo run --release --example gallery -- FOLDER SCALE FILE…`
//!
//! A scenario is run once at the scale, or at the smallest larger one that rounds none of its pools too much, and once more as
//! an ordinary day; several are compared with the first. The pictures stay in the folder, and the contact sheets are
//! `gallery-1.png` and on.

use std::error::Error;
use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use dropstorm::analysis::{self, Findings, Replications};
use dropstorm::experiment::{self, Comparison, Sample};
use dropstorm::measure::Figures;
use dropstorm::model::{Model, Rounding};
use dropstorm::report::render::Look;
use dropstorm::report::several::Several;
use dropstorm::report::words::Words;
use dropstorm::report::{self, Context, Finished, OutputFolder, Subject};
use dropstorm::scenario::{Diagnostics, Scenario, differences};
use dropstorm::sweep::{self, Plan, Results, Store, store};
use tiny_skia::{Color, FilterQuality, IntSize, Pixmap, PixmapPaint, Transform};

const USAGE: &str = "usage: gallery FOLDER SCALE FILE...";
/// Scales that are tried after the one that is asked for.
const SCALES: [f64; 7] = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0];

/// Width of a thumbnail, the space around it, and the thumbnails in a row.
const WIDTH: f32 = 480.0;
const SPACE: f32 = 16.0;
const COLUMNS: usize = 4;
/// Height of a contact sheet, beyond which another is begun.
const HEIGHT: f32 = 2400.0;

/// A scenario that was run.
struct Ran {
    scenario: Scenario,
    model: Model,
    roundings: Vec<Rounding>,
    figures: Figures,
    ordinary: Option<Figures>,
    findings: Findings,
    analyses: Replications,
    words: Words,
}

fn main() -> ExitCode {
    match gallery() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// Draws what the arguments name.
fn gallery() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, scale, files @ ..] = arguments.as_slice() else { return Err(USAGE.into()) };
    let (folder, scale): (&Path, f64) = (Path::new(folder), scale.parse()?);
    let mut ran: Vec<Ran> = Vec::new();
    let mut folders = Vec::new();
    for file in files.iter().map(Path::new) {
        // A plan states the file of its scenario.
        let states = |line: &str| line.strip_prefix("scenario").is_some_and(|rest| rest.trim_start().starts_with('='));
        if fs::read_to_string(file)?.lines().any(states) {
            folders.push(sweep(file, scale, folder)?);
        } else {
            let one = at_scale(scale, |scale| Scenario::read(file)?.with("scale", scale))?;
            folders.push(folder.join(one.name()));
            ran.push(run(one, folder)?);
        }
    }
    let mut pictures = if ran.len() > 1 { compare(&ran, folder)? } else { Vec::new() };
    for folder in &folders {
        pictures.extend(pictures_in(folder)?);
    }
    println!("{} pictures", pictures.len());
    for sheet in contact_sheets(&pictures, folder)? {
        println!("{}", sheet.display());
    }
    Ok(())
}

/// Reads something at the smallest scale that it allows and that is no smaller than what is asked for.
fn at_scale<T>(asked: f64, read: impl Fn(&str) -> Result<T, Diagnostics>) -> Result<T, Diagnostics> {
    let larger = SCALES.into_iter().filter(|scale| *scale > asked);
    read(&asked.to_string()).or_else(|refused| {
        let mut larger = larger.filter_map(|scale| read(&scale.to_string()).ok());
        larger.next().ok_or(refused)
    })
}

/// Runs a scenario and its ordinary day, and writes its files.
fn run(scenario: Scenario, folder: &Path) -> Result<Ran, Box<dyn Error>> {
    let run = |model: &Model| experiment::replicate(model, scenario.spec().seed, 0..1, |run| run);
    let model = Model::compile(&scenario);
    let runs = run(&model);
    let ordinary = scenario.ordinary_day().map(|day| analysis::figures_of(&run(&Model::compile(&day))));
    let figures = analysis::figures_of(&runs);
    let (findings, analyses, roundings) = (Findings::of(&figures), Replications::of(&runs), model.roundings());
    let mut ran = Ran { scenario, model, roundings, figures, ordinary, findings, analyses, words: Words::default() };
    let context = ran.context();
    let mut words = Words::of(&context, &ran.figures, &ran.findings, &ran.analyses);
    if let Some(day) = &ran.ordinary {
        words = words.beside(day, &context, &ran.figures, &ran.analyses);
    }
    ran.words = words;
    let (context, resolved) = (ran.context(), ran.scenario.resolved());
    let finished = Finished {
        subject: ran.subject(&context),
        charts: Some(Look::default()),
        trace: None,
        resolved: &resolved,
        levers: None,
    };
    report::write(&OutputFolder::within(folder, ran.scenario.name())?, &finished)?;
    Ok(ran)
}

impl Ran {
    fn context(&self) -> Context<'_> {
        Context::of(&self.scenario, &self.model, &self.roundings)
    }

    fn subject<'a>(&'a self, context: &'a Context<'a>) -> Subject<'a> {
        let Ran { figures, ordinary, findings, analyses, words, .. } = self;
        Subject { context, figures, ordinary: ordinary.as_ref(), findings, analyses, words }
    }
}

/// Compares scenarios with the first, and returns the pictures.
fn compare(ran: &[Ran], folder: &Path) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let contexts: Vec<Context<'_>> = ran.iter().map(Ran::context).collect();
    let subjects: Vec<Subject<'_>> = ran.iter().zip(&contexts).map(|(ran, context)| ran.subject(context)).collect();
    let samples = ran.iter().map(|ran| Sample::of(ran.scenario.spec().seed, ran.analyses.summaries()));
    let samples: Vec<Sample> = samples.collect();
    let comparison = Comparison::of(&samples.iter().collect::<Vec<_>>());
    let settings = differences(&ran.iter().map(|ran| &ran.scenario).collect::<Vec<_>>());
    let several = Several { subjects: &subjects, comparison: &comparison, settings: &settings };
    let mut files = report::write_comparison(&OutputFolder::prepare(folder)?, &several, Some(Look::default()))?.files;
    files.retain(|file| file.extension().is_some_and(|end| end == "png"));
    Ok(files)
}

/// Runs a sweep, and returns its folder.
fn sweep(file: &Path, scale: f64, folder: &Path) -> Result<PathBuf, Box<dyn Error>> {
    let plan = at_scale(scale, |scale| Plan::read(file, &[("scale".to_owned(), scale.to_owned())]))?;
    let target = OutputFolder::within(folder, plan.outline().name())?;
    let store = Store::open(&target.path().join(store::FILE), plan.outline(), None)?;
    sweep::run(&plan, None, &store, &())?;
    report::sweeps::write(&target, &Results::new(plan.outline(), &store)?, Look::default())?;
    Ok(folder.join(plan.outline().name()))
}

/// The pictures of a folder, in the order of their names.
fn pictures_in(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder)?.filter_map(|entry| Some(entry.ok()?.path()));
    let mut files: Vec<PathBuf> = entries.filter(|path| path.extension().is_some_and(|it| it == "png")).collect();
    files.sort();
    Ok(files)
}

/// Lays pictures out in rows, each as high as its highest picture.
fn contact_sheets(pictures: &[PathBuf], folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut sheets: Vec<Vec<(Pixmap, f32, f32)>> = vec![Vec::new()];
    let mut top = SPACE;
    for row in pictures.chunks(COLUMNS) {
        let row = row.iter().map(|path| read(path)).collect::<io::Result<Vec<Pixmap>>>()?;
        let height = |picture: &Pixmap| picture.height() as f32 * WIDTH / picture.width() as f32;
        let highest = row.iter().map(height).fold(0.0, f32::max);
        if top > SPACE && top + highest > HEIGHT {
            sheets.push(Vec::new());
            top = SPACE;
        }
        let last = sheets.len() - 1;
        for (column, picture) in row.into_iter().enumerate() {
            sheets[last].push((picture, SPACE + column as f32 * (WIDTH + SPACE), top));
        }
        top += highest + SPACE;
    }
    let each = sheets.iter().filter(|sheet| !sheet.is_empty()).enumerate();
    each.map(|(index, sheet)| write(sheet, &folder.join(format!("gallery-{}.png", index + 1)))).collect()
}

fn write(pictures: &[(Pixmap, f32, f32)], path: &Path) -> io::Result<PathBuf> {
    let foot = |(picture, _, top): &(Pixmap, f32, f32)| top + picture.height() as f32 * WIDTH / picture.width() as f32;
    let height = pictures.iter().map(foot).fold(0.0, f32::max) + SPACE;
    let width = SPACE + COLUMNS as f32 * (WIDTH + SPACE);
    let mut sheet = Pixmap::new(width as u32, height as u32).ok_or_else(|| io::Error::other("too large a sheet"))?;
    sheet.fill(Color::from_rgba8(0xd8, 0xdc, 0xe1, 0xff));
    let paint = PixmapPaint { quality: FilterQuality::Bicubic, ..PixmapPaint::default() };
    for (picture, left, top) in pictures {
        let scale = WIDTH / picture.width() as f32;
        let place = Transform::from_row(scale, 0.0, 0.0, scale, *left, *top);
        sheet.draw_pixmap(0, 0, picture.as_ref(), &paint, place, None);
    }
    let mut encoder = png::Encoder::new(BufWriter::new(File::create(path)?), sheet.width(), sheet.height());
    encoder.set_color(png::ColorType::Rgba);
    encoder.set_depth(png::BitDepth::Eight);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(sheet.data())?;
    writer.finish()?;
    Ok(path.to_owned())
}

/// Reads a picture at half its size, so that a bicubic filter suffices for the rest.
fn read(path: &Path) -> io::Result<Pixmap> {
    let mut reader = png::Decoder::new(BufReader::new(File::open(path)?)).read_info()?;
    let size = reader.output_buffer_size().ok_or_else(|| io::Error::other("too large a picture"))?;
    let mut rgb = vec![0; size];
    let info = reader.next_frame(&mut rgb)?;
    let (width, height) = (info.width as usize / 2, info.height as usize / 2);
    let channels = rgb.len() / (info.width as usize * info.height as usize).max(1);
    let mut rgba = Vec::with_capacity(width * height * 4);
    for (y, x) in (0..height).flat_map(|y| (0..width).map(move |x| (y, x))) {
        let at = |dx: usize, dy: usize, channel: usize| {
            u32::from(rgb[((2 * y + dy) * info.width as usize + 2 * x + dx) * channels + channel])
        };
        let mean = |channel: usize| {
            ((at(0, 0, channel) + at(1, 0, channel) + at(0, 1, channel) + at(1, 1, channel)) / 4) as u8
        };
        rgba.extend([mean(0), mean(1), mean(2), 0xff]);
    }
    let size = IntSize::from_wh(width as u32, height as u32).ok_or_else(|| io::Error::other("an empty picture"))?;
    Pixmap::from_vec(rgba, size).ok_or_else(|| io::Error::other("a picture of another size"))
}
