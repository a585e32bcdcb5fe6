use std::path::Path;

use super::*;

fn load(directory: &Path) -> Load {
    Load::create(&directory.join("large"), 1, 10 << 20).unwrap()
}

/// A report of two rounds by Restow and s5cmd, with these medians for Restow.
fn report(load: &Load, restow: Measurement) -> Report {
    let s5cmd = Measurement {
        wall: 2.0,
        cpu: 1.0,
        memory: 20.0,
    };
    let contestants = [(Tool::Restow, "0.1.0"), (Tool::S5cmd, "2.3.0")];
    let contestants = contestants
        .map(|(tool, version)| Contestant {
            tool,
            version: version.to_string(),
        })
        .into();
    let mut report = Report::new(Machine::this(), "SeaweedFS 4.48".to_string(), contestants);
    for (round, by) in [(1, -0.25), (2, 0.25)] {
        for (tool, typical, server_cpu) in [
            (Tool::Restow, restow, Some(0.5)),
            (Tool::S5cmd, s5cmd, None),
        ] {
            let measurement = Measurement {
                wall: typical.wall + by,
                ..typical
            };
            report.add(Run {
                load: load.title(),
                tool,
                round,
                measurement,
                server_cpu,
                s3_cpu: 3.0,
            });
        }
    }
    report
}

#[test]
fn ratios_and_targets_are_of_the_medians() {
    let directory = tempfile::tempdir().unwrap();
    let load = load(directory.path());
    let report = report(
        &load,
        Measurement {
            wall: 1.0,
            cpu: 0.6,
            memory: 20.0,
        },
    );
    let text = report.to_markdown(&[load]);
    for line in [
        "S3 server: SeaweedFS 4.48. Machine: ",
        " Rounds: 2.\n",
        "**One file of 10 MiB**",
        "| restow push 0.1.0 | 1.00 s (0.75–1.25) | 10 | 0.60 s | 20.0 MiB | 1.00 | 1.00 | 1.00 |",
        "| s5cmd cp 2.3.0 | 2.00 s (1.75–2.25) | 5 | 1.00 s | 20.0 MiB | 0.50 | 0.60 | 1.00 |",
        "At least as fast as the fastest of the others (s5cmd cp): **met** (0.500); at most 0.6 times the CPU time of s5cmd: \
         **met** (0.600); no more memory than s5cmd: **met** (1.000). Restow's server took 0.50 s",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
}

#[test]
fn missed_target_is_reported() {
    let directory = tempfile::tempdir().unwrap();
    let load = load(directory.path());
    let report = report(
        &load,
        Measurement {
            wall: 2.01,
            cpu: 0.61,
            memory: 20.1,
        },
    );
    let text = report.to_markdown(&[load]);
    for outcome in [
        "**not met** (1.005)",
        "**not met** (0.610)",
        "**not met** (1.005). Restow's",
    ] {
        assert!(text.contains(outcome), "{outcome}\n{text}");
    }
}

#[test]
fn every_single_figure_is_in_the_json() {
    let directory = tempfile::tempdir().unwrap();
    let load = load(directory.path());
    let report = report(
        &load,
        Measurement {
            wall: 1.0,
            cpu: 0.6,
            memory: 20.0,
        },
    );
    let document: serde_json::Value = serde_json::to_value(&report).unwrap();
    assert_eq!(document["runs"].as_array().unwrap().len(), 4);
    assert_eq!(document["runs"][0]["tool"], "restow push");
    assert_eq!(document["runs"][0]["wall"], 0.75);
    assert_eq!(document["runs"][1]["server_cpu"], serde_json::Value::Null);
    assert_eq!(document["contestants"][1]["version"], "2.3.0");
    assert_eq!(
        document["machine"]["cores"].as_u64().map(|cores| cores > 0),
        Some(true)
    );
}
