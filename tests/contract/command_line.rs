//! The server's command line: options, environment, configuration file, and error messages.

use std::path::Path;
use std::process::{Command, Output, Stdio};

use anyhow::Result;
use restow_tests::{ServerOptions, ServerProcess, WorkerProcess};

use crate::fixture::{System, executable};

/// A command of the server in an environment without configuration.
fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(executable());
    for (name, _) in
        std::env::vars().filter(|(name, _)| name.starts_with("RESTOW_") || name.starts_with("AWS_"))
    {
        command.env_remove(name);
    }
    command.arg("server").args(arguments).stdin(Stdio::null());
    command
}

fn run(arguments: &[&str]) -> Result<Output> {
    Ok(command(arguments).output()?)
}

/// The error output of a command that fails.
fn failure(arguments: &[&str]) -> Result<String> {
    let output = run(arguments)?;
    assert!(!output.status.success(), "{arguments:?} succeeded");
    Ok(String::from_utf8(output.stderr)?)
}

fn text(path: &Path) -> String {
    path.display().to_string()
}

#[test]
fn endpoint_without_bucket_is_refused() -> Result<()> {
    let directory = tempfile::tempdir()?;
    let data_dir = text(directory.path());
    let said = failure(&[
        "serve",
        "--data-dir",
        &data_dir,
        "--s3-endpoint",
        "http://127.0.0.1:9000",
    ])?;
    assert!(said.contains("--s3-endpoint needs --s3-bucket"), "{said}");
    Ok(())
}

#[test]
fn invalid_option_values_are_explained() -> Result<()> {
    let directory = tempfile::tempdir()?;
    let data_dir = text(directory.path());
    for (name, value, words) in [
        ("--part-size", "1MiB", "--part-size must be"),
        ("--part-size", "6GiB", "--part-size must be"),
        ("--job-deadline", "7d", "6 days"),
        ("--keep-events", "47h", "at least 2 days"),
        ("--job-deadline", "10", "write for example"),
        ("--url-expires", "0s", "longer than zero"),
        ("--s3-prefix", "../up", "letters, digits"),
        ("--max-parts", "10001", "10,000"),
        ("--database-url", "mysql://localhost", "sqlite:"),
    ] {
        let listen = [
            "--listen",
            "127.0.0.1:0",
            "--embedded-s3-listen",
            "127.0.0.1:0",
        ];
        let said = failure(
            &[
                &["serve", "--data-dir", &data_dir, name, value][..],
                &listen,
            ]
            .concat(),
        )?;
        assert!(said.contains(words), "{name} {value}: {said}");
    }
    Ok(())
}

#[tokio::test]
async fn empty_variables_are_unset() -> Result<()> {
    let help = String::from_utf8(run(&["serve", "--help"])?.stdout)?;
    let variables = help.split("[env: ").skip(1);
    let variables: Vec<_> = variables
        .filter_map(|rest| rest.split(['=', ']']).next())
        .filter(|name| name.starts_with("RESTOW_"))
        .map(|name| (name.to_string(), String::new()))
        .collect();
    assert!(variables.len() > 30, "{variables:?}");
    let directory = tempfile::tempdir()?;
    let options =
        ServerOptions::new(executable(), directory.path()).with_environment(variables.clone());
    let server = ServerProcess::start(&options)?;
    assert!(
        !server.s3_url().is_empty(),
        "a bucket without a name is used"
    );
    drop(server);
    let mut list = command(&["token", "list", "--data-dir", &text(directory.path())]);
    let listed = list.envs(variables).output()?;
    assert!(listed.status.success(), "{listed:?}");
    Ok(())
}

#[tokio::test]
async fn second_server_on_data_directory_is_refused() -> Result<()> {
    let system = System::start()?;
    let second = ServerProcess::start(&ServerOptions::new(executable(), system.server.data_dir()));
    let said = second.expect_err("a second server started").to_string();
    assert!(
        said.contains("another server uses the data directory"),
        "{said}"
    );
    system.dataset("still there").await?;
    Ok(())
}

#[test]
fn address_in_use_is_named() -> Result<()> {
    let taken = std::net::TcpListener::bind(("127.0.0.1", 0))?;
    let address = taken.local_addr()?.to_string();
    let directory = tempfile::tempdir()?;
    let data_dir = text(directory.path());
    let said = failure(&[
        "serve",
        "--data-dir",
        &data_dir,
        "--listen",
        &address,
        "--embedded-s3-listen",
        "127.0.0.1:0",
    ])?;
    assert!(said.contains(&address), "{said}");
    let said = failure(&[
        "serve",
        "--data-dir",
        &data_dir,
        "--listen",
        "127.0.0.1:0",
        "--embedded-s3-listen",
        &address,
    ])?;
    assert!(said.contains(&address), "{said}");
    Ok(())
}

#[tokio::test]
async fn command_line_overrides_configuration_file() -> Result<()> {
    let directory = tempfile::tempdir()?;
    let file = directory.path().join("restow.toml");
    std::fs::write(
        &file,
        "max-file-size = \"10B\"\nallowed-extensions = [\"csv\"]\nno-worker = true\n",
    )?;
    let start = |more: Option<(&str, &str)>| {
        let options = ServerOptions::new(executable(), directory.path().join("data"))
            .with("--config", &text(&file));
        ServerProcess::start(
            &more
                .into_iter()
                .fold(options, |options, (name, value)| options.with(name, value)),
        )
    };
    let refusal = async |server: &ServerProcess, filename: &str| {
        let api = server.client()?;
        let name = uuid::Uuid::now_v7().simple().to_string().parse()?;
        let body = restow_sdk::generated::types::DatasetNameRequest { name };
        let dataset_id = api.api().create_dataset().body(body).send().await?.id;
        let body = restow_sdk::generated::types::PresignedUploadRequest {
            filename: filename.parse()?,
            file_size: 11.try_into()?,
            content_type: "text/csv".parse()?,
        };
        let response = api
            .api()
            .request_presigned_reupload()
            .dataset_id(dataset_id)
            .body(body)
            .send()
            .await;
        let error = response.err().map(restow_sdk::Error::from);
        Ok::<_, anyhow::Error>(error.and_then(|error| error.error_type().map(str::to_string)))
    };
    let server = start(None)?;
    assert_eq!(
        refusal(&server, "a.csv").await?.as_deref(),
        Some("file_too_large")
    );
    assert_eq!(
        refusal(&server, "a.tsv").await?.as_deref(),
        Some("extension_not_allowed")
    );
    drop(server);
    let server = start(Some(("--max-file-size", "1MiB")))?;
    assert_eq!(refusal(&server, "a.csv").await?, None);
    Ok(())
}

#[test]
fn limits_of_a_principal_are_not_read_from_the_file() -> Result<()> {
    let directory = tempfile::tempdir()?;
    let file = directory.path().join("restow.toml");
    std::fs::write(
        &file,
        "quota = \"5TiB\"\nmax-open-jobs = 20\nurl-rate = \"9/1m\"\n",
    )?;
    let (file, data_dir) = (text(&file), text(directory.path()));
    let say = |arguments: &[&str]| -> Result<String> {
        let output = run(&[arguments, &["--data-dir", data_dir.as_str()]].concat())?;
        assert!(output.status.success(), "{arguments:?}: {output:?}");
        Ok(String::from_utf8(output.stdout)?)
    };
    say(&["migrate"])?;
    say(&["token", "create", "--principal", "alice"])?;
    let rate = ["--request-rate", "6000/1m", "--config", file.as_str()];
    say(&[&["principal", "limit", "alice"][..], &rate].concat())?;
    let listed: serde_json::Value = serde_json::from_str(&say(&["principal", "list", "--json"])?)?;
    let alice = &listed[0];
    assert_eq!(alice["request_rate"], "6000/1m", "{alice}");
    for limit in ["quota", "max_open_jobs", "url_rate"] {
        assert!(alice[limit].is_null(), "{alice}");
    }
    Ok(())
}

#[test]
fn unknown_configuration_key_is_refused() -> Result<()> {
    let directory = tempfile::tempdir()?;
    let file = directory.path().join("restow.toml");
    let data_dir = text(directory.path());
    for (content, words) in [
        ("lisen = \"x\"", "unknown option: lisen"),
        ("= 1", "not valid TOML"),
        ("listen = 1.5", "listen must"),
    ] {
        std::fs::write(&file, content)?;
        let said = failure(&["serve", "--data-dir", &data_dir, "--config", &text(&file)])?;
        assert!(said.contains(words), "{said}");
    }
    let said = failure(&[
        "serve",
        "--data-dir",
        &data_dir,
        "--config",
        "/nowhere/restow.toml",
    ])?;
    assert!(said.contains("/nowhere/restow.toml"), "{said}");
    Ok(())
}

#[test]
fn tokens_are_created_listed_and_revoked() -> Result<()> {
    let directory = tempfile::tempdir()?;
    let data_dir = text(directory.path());
    assert!(run(&["migrate", "--data-dir", &data_dir])?.status.success());
    let say = |arguments: &[&str]| -> Result<String> {
        let output = run(arguments)?;
        anyhow::ensure!(
            output.status.success(),
            "{arguments:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        Ok(String::from_utf8(output.stdout)?.trim().to_string())
    };
    let first = say(&[
        "token",
        "create",
        "--principal",
        "alice",
        "--data-dir",
        &data_dir,
    ])?;
    let second = say(&[
        "token",
        "--data-dir",
        &data_dir,
        "create",
        "--principal",
        "bob",
        "--expires",
        "30d",
    ])?;
    assert!(first.starts_with("restow_") && second.starts_with("restow_") && first != second);

    let listed = say(&["token", "list", "--data-dir", &data_dir])?;
    assert!(
        listed.contains("alice") && listed.contains("bob"),
        "{listed}"
    );
    assert!(
        !listed.contains(&first) && !listed.contains(&second),
        "a token is shown in the list"
    );
    let line = listed
        .lines()
        .find(|line| line.ends_with("bob"))
        .unwrap_or_default();
    let fields: Vec<&str> = line.split_whitespace().collect();
    assert_eq!((fields.len(), fields[4]), (11, "-"), "{line}");

    say(&["token", "revoke", fields[0], "--data-dir", &data_dir])?;
    let document = say(&["token", "list", "--json", "--data-dir", &data_dir])?;
    let tokens: serde_json::Value = serde_json::from_str(&document)?;
    let of = |principal: &str| {
        let mut tokens = tokens.as_array().into_iter().flatten();
        tokens
            .find(|token| token["principal"] == principal)
            .cloned()
    };
    let (alice, bob) = (
        of("alice").unwrap_or_default(),
        of("bob").unwrap_or_default(),
    );
    assert!(alice["revoked_at"].is_null() && alice["expires_at"].is_string());
    assert!(bob["revoked_at"].is_string() && bob["expires_at"].is_string());
    assert_eq!(bob["id"], fields[0], "{document}");
    assert!(
        !document.contains(&first) && !document.contains("hash"),
        "{document}"
    );
    let listed = say(&["token", "list", "--data-dir", &data_dir])?;
    let line = listed
        .lines()
        .find(|line| line.ends_with("bob"))
        .unwrap_or_default();
    assert_ne!(line.split_whitespace().nth(4), Some("-"), "{line}");
    let said = failure(&["token", "revoke", fields[0], "--data-dir", &data_dir])?;
    assert!(said.contains("no valid token"), "{said}");
    let database = std::fs::read(directory.path().join("restow.sqlite"))?;
    assert!(
        !database
            .windows(first.len())
            .any(|window| window == first.as_bytes()),
        "a token is stored in plain text"
    );
    Ok(())
}

#[test]
fn closed_output_pipe_is_no_error() -> Result<()> {
    let directory = tempfile::tempdir()?;
    run(&["migrate", "--data-dir", &text(directory.path())])?;
    let mut command = command(&["token", "list", "--data-dir", &text(directory.path())]);
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    drop(child.stdout.take());
    let ended = child.wait_with_output()?;
    assert!(
        ended.status.success(),
        "{}",
        String::from_utf8_lossy(&ended.stderr)
    );
    Ok(())
}

#[tokio::test]
async fn first_token_file_is_private() -> Result<()> {
    use std::os::unix::fs::PermissionsExt;

    let system = System::start()?;
    let data_dir = system.server.data_dir();
    for secret in ["token", "embedded-s3.json"] {
        let mode = std::fs::metadata(data_dir.join(secret))?
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600, "{secret}");
    }
    let token = system.server.token().to_string();
    let (_, stopped) = system.stop().await?;
    assert_eq!(stopped.restart()?.server.token(), token);
    Ok(())
}

#[test]
fn database_readable_by_others_is_reported() -> Result<()> {
    use std::fs::{Permissions, metadata, set_permissions};
    use std::os::unix::fs::PermissionsExt;

    let directory = tempfile::tempdir()?;
    let file = directory.path().join("named.sqlite");
    let url = format!("sqlite:{}", text(&file));
    let migrate = || -> Result<(u32, String)> {
        let output = run(&["migrate", "--database-url", &url])?;
        assert!(output.status.success());
        let mode = metadata(&file)?.permissions().mode() & 0o777;
        Ok((
            mode,
            String::from_utf8(output.stdout)? + &String::from_utf8(output.stderr)?,
        ))
    };
    let (mode, said) = migrate()?;
    assert_eq!(mode, 0o600);
    assert!(!said.contains("chmod"), "{said}");
    set_permissions(&file, Permissions::from_mode(0o640))?;
    let (mode, said) = migrate()?;
    assert_eq!(mode, 0o640, "the operator's mode was changed");
    assert!(said.contains("chmod 600"), "{said}");
    Ok(())
}

#[tokio::test]
async fn embedded_s3_keeps_its_port_across_restarts() -> Result<()> {
    let directory = tempfile::tempdir()?;
    let mut options = ServerOptions::new(executable(), directory.path());
    options.embedded_s3_listen = None;
    let before = ServerProcess::start(&options)?;
    let s3_url = before.s3_url().to_string();
    drop(before);
    let after = ServerProcess::start(&options)?;
    assert_eq!(after.s3_url(), s3_url);
    // If the port is in use, the server uses another one.
    drop(after);
    let _squatter = std::net::TcpListener::bind(s3_url.trim_start_matches("http://"))?;
    let elsewhere = ServerProcess::start(&options)?;
    assert_ne!(elsewhere.s3_url(), s3_url);
    assert!(
        elsewhere.log()?.contains("port is taken"),
        "the log does not mention it"
    );
    Ok(())
}

#[test]
fn help_lists_every_environment_variable() -> Result<()> {
    let help = String::from_utf8(run(&["serve", "--help"])?.stdout)?;
    let options: Vec<&str> = help
        .lines()
        .filter_map(|line| line.trim().strip_prefix("--"))
        .filter_map(|line| line.split(' ').next())
        .collect();
    let mut named = 0;
    for option in options
        .iter()
        .filter(|option| !["help", "version"].contains(option))
    {
        let variable = format!("[env: RESTOW_{}", option.to_uppercase().replace('-', "_"));
        assert!(help.contains(&variable), "--{option} has no variable");
        named += 1;
    }
    assert!(named >= 30, "{named} options: {options:?}");
    for command in ["worker", "reap", "migrate", "token"] {
        assert!(run(&[command, "--help"])?.status.success(), "{command}");
    }
    Ok(())
}

#[test]
fn migrate_is_idempotent() -> Result<()> {
    let directory = tempfile::tempdir()?;
    let data_dir = text(directory.path());
    for _ in 0..2 {
        assert!(run(&["migrate", "--data-dir", &data_dir])?.status.success());
    }
    let said = failure(&["reap", "--data-dir", &data_dir])?;
    assert!(said.contains("no embedded S3"), "{said}");
    Ok(())
}

#[tokio::test]
async fn server_without_s3_returns_503() -> Result<()> {
    let directory = tempfile::tempdir()?;
    let mut options = ServerOptions::new(executable(), directory.path());
    options.embedded_s3_listen = None;
    let options = options
        .with("--s3-endpoint", "http://127.0.0.1:9")
        .with("--s3-bucket", "nowhere");
    let server = ServerProcess::start(&options)?;
    let http = reqwest::Client::builder().no_proxy().build()?;
    let ready = http.get(format!("{}/readyz", server.url())).send().await?;
    assert_eq!(ready.status(), 200, "what needs only the database works");
    let ready: serde_json::Value = ready.json().await?;
    assert_eq!(
        [
            &ready["status"],
            &ready["database"]["status"],
            &ready["storage"]["status"]
        ],
        ["degraded", "ok", "unavailable"]
    );
    assert_eq!(
        http.get(format!("{}/healthz", server.url()))
            .send()
            .await?
            .status(),
        200
    );

    let token = server.run(&["token", "create", "--principal", "alice"])?;
    let client = server.client_with(&token)?;
    let body = restow_sdk::generated::types::DatasetNameRequest {
        name: "without".parse()?,
    };
    let dataset_id = client.api().create_dataset().body(body).send().await?.id;
    let url = format!(
        "{}/api/datasets/{dataset_id}/reupload/presigned",
        server.url()
    );
    let body = serde_json::json!({ "filename": "a.csv", "file_size": 1 });
    let response = http
        .post(url)
        .bearer_auth(&token)
        .json(&body)
        .send()
        .await?;
    assert!(response.headers().contains_key("retry-after"));
    let fault = crate::fixture::refused_answer(response, 503, "unavailable").await?;
    assert_eq!(fault["ctx"]["dependency"], "storage");
    let jobs = client
        .api()
        .list_jobs()
        .dataset_id(dataset_id)
        .send()
        .await?
        .into_inner()
        .items;
    assert!(
        jobs.iter()
            .all(|job| job.status == restow_sdk::generated::types::JobStatus::Cancelled),
        "{jobs:?}"
    );
    Ok(())
}

#[tokio::test]
async fn listen_addresses_are_resolved() -> Result<()> {
    let system = crate::fixture::System::start_with(&[("--no-worker", "")])?;
    let http = reqwest::Client::builder().no_proxy().build()?;
    for (listen, shown) in [("localhost:0", "http://127.0.0.1:"), (":0", "http://")] {
        let mut options = ServerOptions::new(executable(), system.server.data_dir())
            .with_environment(system.environment());
        options.arguments = ["--listen", listen].map(str::to_string).to_vec();
        let worker = tokio::task::spawn_blocking(move || WorkerProcess::start(&options)).await??;
        let url = worker.probes_url().unwrap_or_default().to_string();
        assert!(url.starts_with(shown), "{url}");
        let (_, port) = url.rsplit_once(':').unwrap_or_default();
        let probe = format!("http://127.0.0.1:{port}/healthz");
        assert_eq!(http.get(probe).send().await?.status(), 200, "{listen}");
    }
    let directory = tempfile::tempdir()?;
    let data_dir = text(directory.path());
    for (listen, words) in [
        ("8080", "HOST:PORT"),
        ("nowhere.invalid:8080", "cannot be resolved"),
        ("localhost:99999", "HOST:PORT"),
    ] {
        let said = failure(&["serve", "--data-dir", &data_dir, "--listen", listen])?;
        assert!(said.contains(words), "{listen}: {said}");
    }
    Ok(())
}
