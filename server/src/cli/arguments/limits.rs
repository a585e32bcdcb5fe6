//! Options of rate limits.

use clap::Args;
use ipnet::IpNet;

use super::value::rate;
use crate::rate_limit::{Rate, Rates};

#[derive(Args, Debug)]
#[command(next_help_heading = "Rate limits")]
pub struct RateLimitArguments {
    /// Requests that a principal may send to this process, as COUNT/TIME
    #[arg(long, env = "RESTOW_PRINCIPAL_RATE", value_name = "RATE", default_value = "60000/1m", value_parser = rate)]
    principal_rate: Rate,
    /// URLs that may be signed for a principal by this process
    #[arg(long, env = "RESTOW_URL_RATE", value_name = "RATE", default_value = "1000000/1m", value_parser = rate)]
    url_rate: Rate,
    /// Requests that an address may send to this process, with or without a valid token; networks of IPv6 (/64) count as one
    #[arg(long, env = "RESTOW_ADDRESS_RATE", value_name = "RATE", default_value = "120000/1m", value_parser = rate)]
    address_rate: Rate,
    /// Set no rate limits but those of single principals, for example where a proxy does
    #[arg(long, env = "RESTOW_NO_RATE_LIMITS")]
    no_rate_limits: bool,
    /// Networks of the proxies whose X-Forwarded-For is believed, separated by commas [default: none]
    #[arg(
        long,
        env = "RESTOW_TRUSTED_PROXIES",
        value_name = "LIST",
        value_delimiter = ','
    )]
    pub trusted_proxies: Vec<IpNet>,
}

impl RateLimitArguments {
    /// The rates; none where there are to be no limits.
    pub fn rates(&self) -> Rates {
        if self.no_rate_limits {
            return Rates::default();
        }
        Rates {
            requests_of_address: Some(self.address_rate),
            requests_of_principal: Some(self.principal_rate),
            urls_of_principal: Some(self.url_rate),
        }
    }
}
