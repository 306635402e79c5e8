//! Why a mailbox could not be read, in words.

/// The result of a call to a mail server.
pub type Result<T> = std::result::Result<T, MailError>;

/// Why a mailbox could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MailError {
    /// The server's name has no address.
    #[error("there is no server named {0}")]
    HostNotFound(String),
    /// The server accepted no connection.
    #[error("{host} does not answer on port {port}: {why}")]
    NoConnection {
        /// The server's name.
        host: String,
        /// The port that was tried.
        port: u16,
        /// The system's message.
        why: String,
    },
    /// The server took too long.
    #[error("{0} did not answer in time")]
    TimedOut(String),
    /// The server's certificate is not trusted.
    #[error("the certificate of {host} is not trusted: {why}")]
    Certificate {
        /// The server's name.
        host: String,
        /// What is wrong with it.
        why: UntrustedBecause,
    },
    /// No encrypted connection could be made.
    #[error("no encrypted connection to {host}: {why}")]
    Tls {
        /// The server's name.
        host: String,
        /// What the TLS library reports.
        why: String,
    },
    /// The server offers no STARTTLS on this port.
    #[error("{0} does not offer encryption (STARTTLS) on this port")]
    NoStartTls(String),
    /// Passwords are sent unencrypted to this computer only.
    #[error("an unencrypted connection is allowed to this computer only")]
    Unencrypted,
    /// The server refused user name or password.
    #[error("the server refused the user name or password: {0}")]
    WrongPassword(String),
    /// The provider wants a password made for this program.
    #[error("the provider wants an app password instead of the account's own: {0}")]
    AppPassword(String),
    /// The server accepts no password, only ways that this client does not have.
    #[error("{0} offers no sign-in with a password")]
    NoPasswordLogin(String),
    /// The mailbox has no folder of this name.
    #[error("the mailbox has no folder named {0}")]
    NoFolder(String),
    /// The server refused a command, with this message.
    #[error("the server refused: {0}")]
    Refused(String),
    /// The answer is not IMAP.
    #[error("this is not an IMAP server: {0}")]
    NotImap(String),
    /// The server sent more than was asked for.
    #[error("the server sent more than was asked for")]
    TooLarge,
    /// The connection ended early.
    #[error("the connection ended early: {0}")]
    BrokeOff(String),
}

impl MailError {
    /// Whether the server could not be reached, so that the network itself may be down.
    #[must_use]
    pub fn is_unreached(&self) -> bool {
        matches!(
            self,
            Self::HostNotFound(_) | Self::NoConnection { .. } | Self::TimedOut(_)
        )
    }
}

/// Why a certificate is not trusted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UntrustedBecause {
    /// No authority that the system trusts has signed it; it may be self-signed.
    #[error("no authority that this computer trusts has signed it")]
    UnknownIssuer,
    /// It has expired.
    #[error("it has expired")]
    Expired,
    /// It is not valid yet; the computer's clock may be wrong.
    #[error("it is not valid yet, or the clock of this computer is wrong")]
    NotYetValid,
    /// It is for another name.
    #[error("it was issued for another name")]
    OtherName,
    /// It was revoked.
    #[error("it was revoked")]
    Revoked,
    /// Anything else.
    #[error("{0}")]
    Other(String),
}

impl From<&rustls::CertificateError> for UntrustedBecause {
    fn from(error: &rustls::CertificateError) -> Self {
        use rustls::CertificateError as E;
        match error {
            E::UnknownIssuer | E::BadSignature => Self::UnknownIssuer,
            E::Expired | E::ExpiredContext { .. } => Self::Expired,
            E::NotValidYet | E::NotValidYetContext { .. } => Self::NotYetValid,
            E::NotValidForName | E::NotValidForNameContext { .. } => Self::OtherName,
            E::Revoked => Self::Revoked,
            other => Self::Other(other.to_string()),
        }
    }
}
