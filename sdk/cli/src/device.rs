//! Login by device authorization (RFC 8628): the user confirms a code in a browser, on any device.

mod issuer;
mod poll;

use std::fs::File;
use std::io;
use std::path::Path;
use std::time::Duration;

use anyhow::Result;
use chrono::{TimeDelta, Utc};
use tokio::task::spawn_blocking;
use tokio::time::timeout;

use self::issuer::{IssuerClient, TokenResponse};
use self::poll::Poll;
use crate::credentials::{self, Credentials, Renewal};
use crate::failure::Failure;
use crate::global::GlobalArguments;
use crate::login_options::{DeviceOption, IssuerOption};
use crate::output;
use crate::printable::printable;
use crate::profile::Profile;

/// How long before its expiry a token is renewed.
const RENEWED_BEFORE: TimeDelta = TimeDelta::minutes(1);

/// How long the renewal by another process is waited for. It takes one request, unless that process is stopped.
const LOCK_TIMEOUT: Duration = Duration::from_secs(30);

/// A token of an issuer, and how it is renewed.
pub struct DeviceToken {
    /// The bearer token.
    pub token: String,
    /// How it is renewed.
    pub renewal: Renewal,
}

/// Has the user confirm the login at the issuer, and waits for that.
///
/// # Errors
/// [`Failure::LoginRefused`] where the user refuses or does nothing in time, or the issuer is not reached.
pub async fn log_in(
    issuer: &IssuerOption,
    device: &DeviceOption,
    ca_file: Option<&Path>,
) -> Result<DeviceToken> {
    let client = IssuerClient::discover(&issuer.url, ca_file).await?;
    let authorization = client.authorize(device).await?;
    show(&authorization.verification_uri, &authorization.user_code);
    if let Some(complete) = &authorization.verification_uri_complete {
        output::print_stderr(format_args!("or open {}", printable(complete)));
    }
    let mut poll = Poll::new(authorization.interval, authorization.expires_in);
    let response = loop {
        poll.wait().await?;
        let response = client.poll(device, &authorization.device_code).await;
        if let Some(token) = poll.next(response)? {
            break token;
        }
    };
    of_response(response, &client, &device.client_id, &device.token, None)
}

/// Where to confirm the login, and with which code. A server could put control characters into either.
fn show(uri: &str, code: &str) {
    let (uri, code) = (printable(uri), printable(code));
    output::print_stderr(format_args!(
        "to log in, open {uri} and enter the code {code}"
    ));
}

fn of_response(
    response: TokenResponse,
    client: &IssuerClient,
    client_id: &str,
    kind: &str,
    earlier: Option<String>,
) -> Result<DeviceToken> {
    let expires_in = response.expires_in.and_then(TimeDelta::try_seconds);
    let refresh_token = response.refresh_token.clone().or(earlier);
    let token = match kind {
        "id_token" => response.id_token,
        _ => response.access_token,
    };
    let missing = || Failure::LoginRefused(format!("the issuer sent no {kind}"));
    Ok(DeviceToken {
        token: token.ok_or_else(missing)?,
        renewal: Renewal {
            token_endpoint: client.token_endpoint(),
            client_id: client_id.to_string(),
            token: kind.to_string(),
            refresh_token,
            expires_at: expires_in.and_then(|life| Utc::now().checked_add_signed(life)),
        },
    })
}

/// Renews the stored token of the profile where it has expired, and stores the new one.
///
/// # Errors
/// [`Failure::LoginExpired`] where the issuer refuses that. An issuer that is not reached is no error: the server refuses the
/// token if it has expired.
pub async fn renew_stored(global: &GlobalArguments) -> Result<()> {
    let profile = global.profile()?;
    if Due::of(&profile).is_none() {
        return Ok(());
    }
    // Issuers may accept a refresh token once, so that of several processes one may use it.
    let _lock = lock(&profile).await;
    // Another process may have renewed the token meanwhile.
    let Some(Due {
        mut stored,
        renewal,
        refresh_token,
    }) = Due::of(&profile)
    else {
        return Ok(());
    };
    let ca_file = global.ca_file.as_deref().or(stored.ca_file.as_deref());
    let client = IssuerClient::with_token_endpoint(&renewal.token_endpoint, ca_file)?;
    let Some(response) = client.refresh(&renewal.client_id, &refresh_token).await? else {
        return Ok(());
    };
    let (id, kind) = (&renewal.client_id, &renewal.token);
    let renewed = of_response(response, &client, id, kind, Some(refresh_token))?;
    stored.token = renewed.token;
    stored.renewal = Some(renewed.renewal);
    stored.store(&profile)?;
    Ok(())
}

/// Waits until no other process renews the token of the profile. The lock ends when the file is dropped; `None` where there is
/// none to be had, as on some file systems, or not in time.
async fn lock(profile: &Profile) -> Option<File> {
    let path = profile.path().ok()?.with_extension("lock");
    let locked = spawn_blocking(move || {
        let file = File::create(path)?;
        file.lock()?;
        Ok::<_, io::Error>(file)
    });
    timeout(LOCK_TIMEOUT, locked).await.ok()?.ok()?.ok()
}

/// Stored credentials whose token has to be renewed, and how.
struct Due {
    stored: Credentials,
    renewal: Renewal,
    refresh_token: String,
}

impl Due {
    /// Those of a profile, if their token can be renewed and has to be.
    fn of(profile: &Profile) -> Option<Self> {
        // What is wrong with the file is reported where it is used.
        let stored = credentials::stored(profile).ok().flatten()?;
        let renewal = stored.renewal.clone()?;
        let refresh_token = renewal.refresh_token.clone()?;
        let is_due = renewal.expires_at? - RENEWED_BEFORE <= Utc::now();
        is_due.then_some(Self {
            stored,
            renewal,
            refresh_token,
        })
    }
}
