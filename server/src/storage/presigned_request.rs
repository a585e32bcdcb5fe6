//! Requests to presigned URLs, sent as clients of the API send them: to the public endpoint, without credentials.

use aws_sdk_s3::primitives::{ByteStream, SdkBody};
use aws_smithy_http_client::Connector;
use aws_smithy_http_client::tls::Provider;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_runtime_api::client::http::{HttpConnector, HttpConnectorSettings};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use http::{HeaderMap, Request, StatusCode};
use tokio::time::timeout;

use super::reason::Reason;
use super::timeouts::{ATTEMPT_TIMEOUT, CONNECT_TIMEOUT};

/// Sends requests to presigned URLs. It trusts the authorities that the system trusts, and uses no proxy.
#[derive(Debug)]
pub struct PresignedClient(Connector);

/// What S3 responds to a presigned URL.
#[derive(Debug)]
pub struct PresignedResponse {
    /// Status.
    pub status: StatusCode,
    /// Headers.
    pub headers: HeaderMap,
    /// S3's error code; empty where there is none.
    pub code: String,
}

impl Default for PresignedClient {
    fn default() -> Self {
        let settings = HttpConnectorSettings::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .read_timeout(ATTEMPT_TIMEOUT)
            .build();
        let connector = Connector::builder()
            .connector_settings(settings)
            .tls_provider(Provider::Rustls(CryptoMode::AwsLc))
            .build();
        Self(connector)
    }
}

impl PresignedClient {
    /// Sends a request, with its body and no other headers than its own.
    ///
    /// # Errors
    /// The reason for which there is no response. It has neither the URL nor the host.
    pub async fn send(&self, request: Request<Vec<u8>>) -> Result<PresignedResponse, Reason> {
        let request = HttpRequest::try_from(request.map(SdkBody::from));
        let sent = self.0.call(request.map_err(|_| Reason::Refused)?);
        let response = match timeout(ATTEMPT_TIMEOUT, sent).await {
            Ok(Ok(response)) => response,
            Ok(Err(error)) if error.is_timeout() => return Err(Reason::Timeout),
            Ok(Err(error)) => return Err(Reason::of_dispatch(&error)),
            Err(_) => return Err(Reason::Timeout),
        };
        let response = response
            .try_into_http1x()
            .map_err(|_| Reason::ServerError)?;
        let (head, body) = response.into_parts();
        let body = timeout(ATTEMPT_TIMEOUT, ByteStream::new(body).collect()).await;
        let body = body.map_err(|_| Reason::Timeout)?;
        let body = body.map_err(|_| Reason::ConnectionFailed)?.into_bytes();
        Ok(PresignedResponse {
            status: head.status,
            headers: head.headers,
            code: error_code(&String::from_utf8_lossy(&body)).to_string(),
        })
    }
}

impl PresignedResponse {
    /// Why S3 refuses the request.
    pub fn reason(&self) -> Reason {
        if self.status.is_server_error() {
            return Reason::ServerError;
        }
        match self.code.as_str() {
            "" => Reason::of_code(self.status.as_str()),
            code => Reason::of_code(code),
        }
    }

    /// The status, and S3's error code where it has one.
    pub fn text(&self) -> String {
        format!("{} {}", self.status.as_u16(), self.code)
            .trim_end()
            .to_string()
    }
}

/// The code in an error response of S3; empty if there is none.
fn error_code(body: &str) -> &str {
    let code = body
        .split_once("<Code>")
        .and_then(|(_, rest)| rest.split_once("</Code>"));
    code.map(|(code, _)| code).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn error_code_is_read_from_xml() {
        let body = "<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code></Error>";
        assert_eq!(error_code(body), "AccessDenied");
        assert_eq!(error_code("<Error>"), "");
    }
}
