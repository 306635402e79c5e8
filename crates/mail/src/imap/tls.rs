//! Connects to a mail server, encrypted unless it is on this computer and the reader said so.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use rustls::ClientConfig;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls_platform_verifier::Verifier;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

use crate::error::{MailError, Result, UntrustedBecause};

/// How long connecting, and the TLS handshake, may take.
const CONNECT: Duration = Duration::from_secs(20);

/// How a connection is encrypted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Security {
    /// TLS from the first byte (RFC 8314), usually on port 993.
    #[default]
    Tls,
    /// TLS after `STARTTLS`, usually on port 143.
    StartTls,
    /// None; refused unless the server is on this computer.
    None,
}

/// A mail server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Host {
    /// Its name or IP address.
    pub name: String,
    /// Its port.
    pub port: u16,
    /// How the connection is encrypted.
    pub security: Security,
}

impl Host {
    /// Whether it is this computer.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        let name = self.name.trim_start_matches('[').trim_end_matches(']');
        name.eq_ignore_ascii_case("localhost")
            || name.parse().is_ok_and(|ip: IpAddr| ip.is_loopback())
    }
}

/// Which certificates are trusted: those of the authorities that the system trusts, as for web
/// pages, and of those added here.
#[derive(Clone, Default)]
pub struct TlsSettings {
    extra_roots: Vec<CertificateDer<'static>>,
}

impl TlsSettings {
    /// Also trusts these authorities, as DER.
    #[must_use]
    pub fn with_roots(roots: impl IntoIterator<Item = Vec<u8>>) -> Self {
        Self {
            extra_roots: roots.into_iter().map(CertificateDer::from).collect(),
        }
    }

    fn config(&self) -> std::result::Result<ClientConfig, rustls::Error> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()?;
        let verifier = if self.extra_roots.is_empty() {
            Verifier::new(provider)?
        } else {
            Verifier::new_with_extra_roots(self.extra_roots.iter().cloned(), provider)?
        };
        Ok(builder
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(verifier))
            .with_no_client_auth())
    }
}

impl std::fmt::Debug for TlsSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "TlsSettings({} roots added)", self.extra_roots.len())
    }
}

/// A connection.
pub(super) trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}

impl<S: AsyncRead + AsyncWrite + Unpin + Send> Stream for S {}

/// Opens a connection, without TLS.
pub(super) async fn connect(host: &Host) -> Result<TcpStream> {
    if host.security == Security::None && !host.is_loopback() {
        return Err(MailError::Unencrypted);
    }
    let name = host.name.trim_start_matches('[').trim_end_matches(']');
    let timed_out = |_| MailError::TimedOut(host.name.clone());
    let addresses = timeout(CONNECT, tokio::net::lookup_host((name, host.port)))
        .await
        .map_err(timed_out)?
        .map_err(|_| MailError::HostNotFound(host.name.clone()))?;
    let mut failure = MailError::HostNotFound(host.name.clone());
    for address in addresses {
        match timeout(CONNECT, TcpStream::connect(address)).await {
            Ok(Ok(stream)) => return Ok(stream),
            Ok(Err(error)) => {
                failure = MailError::NoConnection {
                    host: host.name.clone(),
                    port: host.port,
                    why: error.to_string(),
                };
            }
            Err(elapsed) => failure = timed_out(elapsed),
        }
    }
    Err(failure)
}

/// Encrypts a connection.
pub(super) async fn encrypt(
    host: &Host,
    tls: &TlsSettings,
    stream: impl Stream + 'static,
) -> Result<Box<dyn Stream>> {
    let failed = |why: String| MailError::Tls {
        host: host.name.clone(),
        why,
    };
    let config = tls.config().map_err(|error| failed(error.to_string()))?;
    let name = host.name.trim_start_matches('[').trim_end_matches(']');
    let name = ServerName::try_from(name.to_owned()).map_err(|error| failed(error.to_string()))?;
    let connecting = TlsConnector::from(Arc::new(config)).connect(name, stream);
    let connected = timeout(CONNECT, connecting)
        .await
        .map_err(|_| MailError::TimedOut(host.name.clone()))?;
    match connected {
        Ok(stream) => Ok(Box::new(stream)),
        Err(error) => Err(match tls_error(&error) {
            Some(rustls::Error::InvalidCertificate(why)) => MailError::Certificate {
                host: host.name.clone(),
                why: UntrustedBecause::from(why),
            },
            Some(error) => failed(error.to_string()),
            None => failed(error.to_string()),
        }),
    }
}

fn tls_error(error: &std::io::Error) -> Option<&rustls::Error> {
    error.get_ref()?.downcast_ref()
}
