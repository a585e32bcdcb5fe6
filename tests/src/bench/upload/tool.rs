//! The programs that upload, and their arguments: those of normal use, and the address of the S3 server.

use std::fmt;
use std::path::Path;

use serde::{Serialize, Serializer};

use super::load::Load;
use super::site::Site;
use crate::BucketPlace;
use crate::bucket::REGION;

/// A program that uploads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tool {
    /// Restow's own command.
    Restow,
    /// Amazon's command-line interface.
    Aws,
    /// s5cmd.
    S5cmd,
    /// rclone.
    Rclone,
}

impl Tool {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Restow, Self::Aws, Self::S5cmd, Self::Rclone];

    /// All of them in the order of a round, which another one begins each time.
    pub fn in_round(round: u32) -> [Self; 4] {
        let mut order = Self::ALL;
        order.rotate_left(round as usize % Self::ALL.len());
        order
    }

    /// The arguments of the program, which runs in the directory of the files. Output that could take time is off.
    pub fn arguments(self, load: &Load, place: &BucketPlace, key: &str) -> Vec<String> {
        let (endpoint, bucket) = (place.endpoint.as_str(), format!("{}/{key}", place.name));
        let bucket_url = format!("s3://{bucket}");
        let (directory_url, remote) = (format!("{bucket_url}/"), format!("bench:{bucket}"));
        let only = if let [only] = load.files() {
            Some(only.as_str())
        } else {
            None
        };
        let arguments: Vec<&str> = match (self, only) {
            (Self::Restow, only) => {
                let mut arguments = vec!["push"];
                arguments.extend(load.files().iter().map(String::as_str));
                arguments.extend(only.into_iter().flat_map(|_| ["--dataset", key]));
                arguments.extend(["--create", "--commit", "always", "--no-resume", "--quiet"]);
                arguments
            }
            (Self::Aws, Some(file)) => {
                vec![
                    "s3",
                    "cp",
                    file,
                    &bucket_url,
                    "--endpoint-url",
                    endpoint,
                    "--only-show-errors",
                ]
            }
            (Self::Aws, None) => {
                vec![
                    "s3",
                    "cp",
                    ".",
                    &directory_url,
                    "--recursive",
                    "--endpoint-url",
                    endpoint,
                    "--only-show-errors",
                ]
            }
            (Self::S5cmd, Some(file)) => vec![
                "--endpoint-url",
                endpoint,
                "--log",
                "error",
                "cp",
                file,
                &bucket_url,
            ],
            (Self::S5cmd, None) => vec![
                "--endpoint-url",
                endpoint,
                "--log",
                "error",
                "cp",
                "*",
                &directory_url,
            ],
            (Self::Rclone, Some(file)) => vec!["copyto", file, &remote],
            (Self::Rclone, None) => vec!["copy", ".", &remote],
        };
        arguments.into_iter().map(str::to_string).collect()
    }

    /// All of the program's environment. Nothing of the caller's own configuration is in it.
    pub fn environment(self, site: &Site, home: &Path) -> Vec<(String, String)> {
        let (place, home) = (site.place(), home.display().to_string());
        let remote = |name: &'static str| format!("RCLONE_CONFIG_BENCH_{name}");
        let own = match self {
            Self::Restow => {
                vec![
                    ("RESTOW_ENDPOINT".to_string(), site.server_url()),
                    ("RESTOW_TOKEN".to_string(), site.token()),
                ]
            }
            Self::Aws | Self::S5cmd => vec![
                ("AWS_ACCESS_KEY_ID".to_string(), place.access_key.as_str()),
                ("AWS_SECRET_ACCESS_KEY".to_string(), &place.secret_key),
                ("AWS_DEFAULT_REGION".to_string(), REGION),
            ],
            Self::Rclone => vec![
                (remote("TYPE"), "s3"),
                (remote("PROVIDER"), "SeaweedFS"),
                (remote("ENDPOINT"), &place.endpoint),
                (remote("REGION"), REGION),
                (remote("ACCESS_KEY_ID"), &place.access_key),
                (remote("SECRET_ACCESS_KEY"), &place.secret_key),
            ],
        };
        let common = [
            ("PATH".to_string(), "/usr/bin:/bin"),
            ("HOME".to_string(), home.as_str()),
        ];
        common
            .into_iter()
            .chain(own)
            .map(|(name, value)| (name, value.to_string()))
            .collect()
    }
}

impl fmt::Display for Tool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Restow => "restow push",
            Self::Aws => "aws s3 cp",
            Self::S5cmd => "s5cmd cp",
            Self::Rclone => "rclone copy",
        })
    }
}

impl Serialize for Tool {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_tool_is_first_in_some_round() {
        let first: Vec<Tool> = (1..=4).map(|round| Tool::in_round(round)[0]).collect();
        assert!(
            Tool::ALL.iter().all(|tool| first.contains(tool)),
            "{first:?}"
        );
    }

    #[test]
    fn every_tool_uploads_every_file() {
        let directory = tempfile::tempdir().unwrap();
        let place = BucketPlace {
            endpoint: "http://127.0.0.1:1".to_string(),
            name: "bucket".to_string(),
            access_key: String::new(),
            secret_key: String::new(),
        };
        let one = Load::create(&directory.path().join("one"), 1, 1).unwrap();
        let two = Load::create(&directory.path().join("two"), 2, 1).unwrap();
        let command_line = |tool: Tool, load| tool.arguments(load, &place, "key").join(" ");
        assert_eq!(
            command_line(Tool::Restow, &one),
            "push file-00001.bin --dataset key --create --commit always --no-resume --quiet"
        );
        assert_eq!(
            command_line(Tool::Restow, &two),
            "push file-00001.bin file-00002.bin --create --commit always --no-resume --quiet"
        );
        assert!(
            command_line(Tool::Aws, &one)
                .starts_with("s3 cp file-00001.bin s3://bucket/key --endpoint-url http")
        );
        assert!(command_line(Tool::Aws, &two).starts_with("s3 cp . s3://bucket/key/ --recursive"));
        assert!(command_line(Tool::S5cmd, &one).ends_with("cp file-00001.bin s3://bucket/key"));
        assert!(command_line(Tool::S5cmd, &two).ends_with("cp * s3://bucket/key/"));
        assert_eq!(
            command_line(Tool::Rclone, &one),
            "copyto file-00001.bin bench:bucket/key"
        );
        assert_eq!(command_line(Tool::Rclone, &two), "copy . bench:bucket/key");
    }
}
