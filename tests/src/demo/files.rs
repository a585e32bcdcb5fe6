//! The files that the demo uploads.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// Weather in Seattle, 2012 to 2015, by the National Oceanic and Atmospheric Administration; in the public domain.
const WEATHER: &str = include_str!("../../data/seattle-weather.csv");

/// The real data as it is.
pub fn weather(directory: &Path) -> Result<PathBuf> {
    write(directory, "seattle-weather.csv", WEATHER)
}

/// The same with the range of temperatures of each day.
pub fn weather_with_range(directory: &Path) -> Result<PathBuf> {
    let mut lines = WEATHER.lines();
    let mut text = format!(
        "{},temp_range\n",
        lines.next().context("the data has no header")?
    );
    for line in lines {
        let fields: Vec<_> = line.split(',').collect();
        let range = fields[2].parse::<f64>()? - fields[3].parse::<f64>()?;
        writeln!(text, "{line},{range:.1}")?;
    }
    write(directory, "seattle-weather-with-range.csv", &text)
}

/// The same days at one invented station after another, until the file has `size` bytes or a little more.
pub fn large(directory: &Path, size: u64) -> Result<PathBuf> {
    let path = directory.join("stations.csv");
    let mut file = BufWriter::with_capacity(1024 * 1024, File::create(&path)?);
    let (header, days) = WEATHER.split_once('\n').context("the data has no header")?;
    writeln!(file, "station,{header}")?;
    let mut written = 0;
    let mut block = String::new();
    for station in 1.. {
        if written >= size {
            break;
        }
        block.clear();
        for day in days.lines() {
            writeln!(block, "{station},{day}")?;
        }
        file.write_all(block.as_bytes())?;
        written += block.len() as u64;
    }
    file.flush()?;
    Ok(path)
}

fn write(directory: &Path, name: &str, text: &str) -> Result<PathBuf> {
    let path = directory.join(name);
    fs::write(&path, text)?;
    Ok(path)
}
