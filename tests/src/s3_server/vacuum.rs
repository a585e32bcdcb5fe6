//! The room of deleted data, which `SeaweedFS` gives back only now and then.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use serde_json::Value;
use tokio::time::sleep;

use super::site::Site;

/// Bytes that volumes may hold when they count as empty: `SeaweedFS` keeps a journal of its own there.
const EMPTY: u64 = 64 * 1024 * 1024;

/// How long it may take, on a machine that is busy.
const VACUUM_TIMEOUT: Duration = Duration::from_mins(3);

/// How often it is looked whether it is done.
const INTERVAL: Duration = Duration::from_millis(500);

/// Has all room given back, and waits until nothing is stored, since data is deleted some time after its object.
pub async fn until_empty(site: &Site) -> Result<()> {
    let [_, _, master, ..] = site.ports;
    let http = reqwest::Client::builder()
        .no_proxy()
        .timeout(VACUUM_TIMEOUT)
        .build()?;
    let get = async |path: &str| -> Result<Value> {
        let response = http
            .get(format!("http://127.0.0.1:{master}/vol/{path}"))
            .send()
            .await?;
        Ok(response.error_for_status()?.json().await?)
    };
    let begun = Instant::now();
    loop {
        get("vacuum?garbageThreshold=0.0001").await?;
        let stored = total_size(&get("status").await?);
        if stored <= EMPTY {
            return Ok(());
        }
        if begun.elapsed() > VACUUM_TIMEOUT {
            bail!("{stored} bytes of deleted data are still stored after {VACUUM_TIMEOUT:?}");
        }
        sleep(INTERVAL).await;
    }
}

/// The sizes of all volumes together, wherever they are in the response.
fn total_size(response: &Value) -> u64 {
    match response {
        Value::Object(members) => {
            let sizes = members.iter().map(|(name, value)| match value.as_u64() {
                Some(size) if name == "Size" => size,
                _ => total_size(value),
            });
            sizes.sum()
        }
        Value::Array(items) => items.iter().map(total_size).sum(),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::total_size;

    #[test]
    fn the_sizes_of_all_volumes_are_added() {
        let volume = |size: u64| json!({ "Id": 7, "Size": size, "DeletedByteCount": 3 });
        let racks = json!({ "rack": { "127.0.0.1:1": [volume(5), volume(6)], "127.0.0.1:2": [volume(7)] } });
        let response = json!({ "Version": "4.48", "Volumes": { "DataCenters": { "center": racks }, "Free": 9 } });
        assert_eq!(total_size(&response), 18);
        assert_eq!(total_size(&json!({ "Volumes": { "DataCenters": {} } })), 0);
    }
}
