//! Prepares what the program contains beside its code: the migrations of both databases, and the console of the API.

use std::error::Error;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use flate2::Compression;
use flate2::write::GzEncoder;

/// The databases that have migrations, which are the names of their directories.
const DATABASES: [&str; 2] = ["sqlite", "postgres"];

fn main() -> Result<(), Box<dyn Error>> {
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let mut lists = String::new();
    for database in DATABASES {
        let directory = Path::new("migrations").join(database);
        println!("cargo::rerun-if-changed={}", directory.display());
        list_migrations(&mut lists, database, &directory)?;
    }
    fs::write(out.join("migrations.rs"), lists)?;
    println!("cargo::rerun-if-changed=build.rs");
    write_console(&out)
}

/// Lists the migrations of a directory: version, description and SQL of each.
fn list_migrations(
    lists: &mut String,
    database: &str,
    directory: &Path,
) -> Result<(), Box<dyn Error>> {
    let mut files = fs::read_dir(directory)?
        .map(|entry| Ok(entry?.path()))
        .collect::<std::io::Result<Vec<_>>>()?;
    files.sort();
    writeln!(
        lists,
        "pub(super) const {}: &[(i64, &str, &str)] = &[",
        database.to_uppercase()
    )?;
    for file in files {
        let name = file.file_stem().unwrap_or_default().to_string_lossy();
        let (version, description) = name
            .split_once('_')
            .ok_or_else(|| format!("{} is not named version_description.sql", file.display()))?;
        let version: i64 = version.parse()?;
        let description = description.replace('_', " ");
        let path = fs::canonicalize(&file)?;
        let sql = path
            .to_str()
            .ok_or_else(|| format!("{} is no UTF-8", path.display()))?;
        writeln!(
            lists,
            "    ({version}, {description:?}, include_str!({sql:?})),"
        )?;
    }
    writeln!(lists, "];")?;
    Ok(())
}

/// The page of the console, whose script and configuration the server fills in, and the script, compressed.
fn write_console(out: &Path) -> Result<(), Box<dyn Error>> {
    let page = scalar_api_reference::render_scalar("__CONFIGURATION__", Some("__SCRIPT__"));
    fs::write(out.join("console.html"), page)?;
    let script = scalar_api_reference::get_asset("scalar.js").ok_or("the console has no script")?;
    let file = fs::File::create(out.join("console.js.gz"))?;
    let mut encoder = GzEncoder::new(file, Compression::default());
    encoder.write_all(&script)?;
    encoder.finish()?;
    Ok(())
}
