//! Runs the library, its comparison and its sweeps, and lays every picture out on contact sheets.
//!
//! `cargo run --release --example gallery -- [SCALE] [FOLDER]`
//!
//! The pictures themselves stay in the folder, one folder for each run; the contact sheets are `gallery-1.png` and on.

use std::fs::File;
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use tiny_skia::{Color, FilterQuality, IntSize, Pixmap, PixmapPaint, Transform};

/// Width of a thumbnail, the space around it, and the thumbnails in a row.
const WIDTH: f32 = 480.0;
const SPACE: f32 = 16.0;
const COLUMNS: usize = 4;
/// Height of a contact sheet, beyond which another is begun.
const HEIGHT: f32 = 2400.0;

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let scale = arguments.next().unwrap_or_else(|| "0.02".to_owned());
    let folder = PathBuf::from(arguments.next().unwrap_or_else(|| "out/gallery".to_owned()));
    match gallery(&scale, &folder) {
        Ok(sheets) => {
            sheets.iter().for_each(|sheet| println!("{}", sheet.display()));
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// Draws everything and returns the contact sheets.
fn gallery(scale: &str, folder: &Path) -> io::Result<Vec<PathBuf>> {
    let scenarios = files(Path::new("scenarios"), "toml")?;
    let out = folder.as_os_str();
    let run = |arguments: Vec<&std::ffi::OsStr>| {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut command = Command::new(cargo);
        command.args(["run", "--release", "--quiet", "--"]).args(arguments);
        // A threshold that does not hold is a result like any other.
        match command.status()?.code() {
            Some(0 | 99) => Ok(()),
            code => Err(io::Error::other(format!("dropstorm ended with {code:?}"))),
        }
    };
    let common = ["--scale", scale, "--force-scale", "--quiet", "--out"].map(std::ffi::OsStr::new);
    let all = scenarios.iter().map(|path| path.as_os_str());
    run([std::ffi::OsStr::new("run")].into_iter().chain(all).chain(common).chain([out]).collect())?;
    for plan in files(&Path::new("scenarios").join("sweeps"), "toml")? {
        let plan = [std::ffi::OsStr::new("sweep"), plan.as_os_str()];
        run(plan.into_iter().chain(common).chain([out]).collect())?;
    }
    let mut pictures = files(folder, "png")?;
    pictures.retain(|path| !path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("gallery-")));
    let mut folders: Vec<PathBuf> = std::fs::read_dir(folder)?.filter_map(|entry| Some(entry.ok()?.path())).collect();
    folders.sort();
    for inner in folders.iter().filter(|path| path.is_dir()) {
        pictures.extend(files(inner, "png")?);
    }
    contact_sheets(&pictures, folder)
}

/// The files of a folder with an ending, in the order of their names.
fn files(folder: &Path, ending: &str) -> io::Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(folder)?.filter_map(|entry| Some(entry.ok()?.path()));
    let mut files: Vec<PathBuf> = entries.filter(|path| path.extension().is_some_and(|it| it == ending)).collect();
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
    let mut reader = png::Decoder::new(io::BufReader::new(File::open(path)?)).read_info()?;
    let size = reader.output_buffer_size().ok_or_else(|| io::Error::other("too large a picture"))?;
    let mut rgb = vec![0; size];
    let info = reader.next_frame(&mut rgb)?;
    let (width, height) = (info.width as usize / 2, info.height as usize / 2);
    let mut rgba = Vec::with_capacity(width * height * 4);
    for y in 0..height {
        for x in 0..width {
            let at = |dx: usize, dy: usize, channel: usize| {
                u32::from(rgb[((2 * y + dy) * info.width as usize + 2 * x + dx) * 3 + channel])
            };
            let mean = |channel: usize| {
                let sum = at(0, 0, channel) + at(1, 0, channel) + at(0, 1, channel) + at(1, 1, channel);
                (sum / 4) as u8
            };
            rgba.extend([mean(0), mean(1), mean(2), 0xff]);
        }
    }
    let size = IntSize::from_wh(width as u32, height as u32).ok_or_else(|| io::Error::other("an empty picture"))?;
    Pixmap::from_vec(rgba, size).ok_or_else(|| io::Error::other("a picture of another size"))
}
