//! How many requests to the API a push of several files takes.

use std::collections::BTreeMap;
use std::fs;

use anyhow::Result;

use super::shell::Shell;
use crate::fixture::{System, csv};

/// One file at a time, so that the order of requests is known.
const PUSH: [&str; 5] = ["push", "data", "--create", "--files", "1"];

/// Requests to the API so far, by method and route.
async fn requests(system: &System) -> Result<BTreeMap<String, u64>> {
    let url = format!("{}/metrics", system.server.url());
    let response = system.http.get(url).send().await?.error_for_status()?;
    let mut requests = BTreeMap::new();
    for line in response.text().await?.lines() {
        let counter = line.strip_prefix("http_server_request_duration_seconds_count{");
        let Some((labels, count)) = counter.and_then(|rest| rest.rsplit_once("} ")) else {
            continue;
        };
        let label = |name: &str| {
            let (_, rest) = labels.split_once(&format!("{name}=\""))?;
            rest.split('"').next()
        };
        let (method, route) = (label("http_request_method"), label("http_route"));
        if let (Some(method), Some(route)) = (method, route)
            && route.starts_with("/api/")
        {
            let route = format!("{method} {}", route.trim_start_matches("/api"));
            *requests.entry(route).or_default() += count.parse::<u64>()?;
        }
    }
    Ok(requests)
}

/// Requests to the API that a push of `data` takes, by method and route.
async fn requests_of_push(system: &System, shell: &Shell) -> Result<BTreeMap<String, u64>> {
    let before = requests(system).await?;
    shell.run(&PUSH).await?;
    let mut taken = requests(system).await?;
    for (route, count) in &mut taken {
        *count -= before.get(route).copied().unwrap_or_default();
    }
    taken.retain(|_, count| *count > 0);
    Ok(taken)
}

fn counts(expected: &[(&str, u64)]) -> BTreeMap<String, u64> {
    let counts = expected.iter();
    counts
        .map(|(route, count)| ((*route).to_string(), *count))
        .collect()
}

/// Writes files below `data`, each with other rows.
fn write_files(shell: &Shell, names: &[&str]) -> Result<()> {
    for (index, name) in names.iter().enumerate() {
        let path = shell.path("data").join(name);
        if let Some(directory) = path.parent() {
            fs::create_dir_all(directory)?;
        }
        fs::write(path, csv(index + 1))?;
    }
    Ok(())
}

#[tokio::test]
async fn requests_per_file_are_few() -> Result<()> {
    let system = System::start()?;
    let shell = Shell::at(&system)?;
    let names = ["0.csv", "1.csv", "2.csv", "alps/3.csv", "alps/4.csv"];
    write_files(&shell, &names)?;
    // The first file is looked for, and so is what a principal named `alps` may have shared.
    let expected = [
        ("GET /datasets", 2),
        ("POST /datasets", 5),
        ("POST /datasets/{dataset_id}/reupload/presigned", 5),
        (
            "POST /datasets/{dataset_id}/reupload/presigned/{job_id}/complete",
            5,
        ),
        ("GET /jobs/{job_id}", 5),
        ("GET /jobs/{job_id}/preview", 5),
        ("GET /datasets/{dataset_id}/versions/{version}", 5),
    ];
    assert_eq!(requests_of_push(&system, &shell).await?, counts(&expected));

    // Nothing has changed.
    let expected = [
        ("GET /datasets", 5),
        ("GET /datasets/{dataset_id}/versions/{version}", 5),
    ];
    assert_eq!(requests_of_push(&system, &shell).await?, counts(&expected));
    Ok(())
}

#[tokio::test]
async fn new_and_existing_datasets_can_alternate() -> Result<()> {
    let system = System::start()?;
    let shell = Shell::at(&system)?;
    let existing = system.dataset("1").await?;
    system.publish(existing, "1.csv", csv(1)).await?;
    write_files(&shell, &["0.csv", "1.csv", "2.csv"])?;
    let taken = requests_of_push(&system, &shell).await?;
    // After a dataset that is new, the next one is created first; after one that is not, the next one is looked for first.
    let of_datasets = (taken["POST /datasets"], taken["GET /datasets"]);
    assert_eq!(of_datasets, (3, 3), "{taken:?}");
    assert_eq!(system.current_version(existing).await?, Some(2));
    for name in ["0", "2"] {
        let found = system.client.find_dataset(name).await?;
        assert_eq!(found.current_version, Some(1), "{name}");
    }
    Ok(())
}

#[tokio::test]
async fn shared_dataset_is_not_created_anew() -> Result<()> {
    let system = System::start()?;
    let [alice, bob] = [system.token_of("alice")?, system.token_of("bob")?];
    let shell = Shell::at(&system)?.with("RESTOW_TOKEN", &alice);
    shell.write("snow.csv", csv(1))?;
    shell.run(&["push", "snow.csv", "--create"]).await?;
    let share = ["dataset", "share", "snow", "bob", "--role", "writer"];
    shell.run(&share).await?;

    let shell = Shell::at(&system)?.with("RESTOW_TOKEN", &bob);
    write_files(&shell, &["0.csv", "alice/snow.csv"])?;
    shell.run(&PUSH).await?;
    let snow = system.client_with(&alice)?.find_dataset("snow").await?;
    assert_eq!(snow.current_version, Some(2));
    let bob = system.client_with(&bob)?;
    let own = bob.api().list_datasets().shared(false).send().await?;
    let own: Vec<&str> = own.items.iter().map(|own| own.name.as_str()).collect();
    assert_eq!(own, ["0"]);
    Ok(())
}
