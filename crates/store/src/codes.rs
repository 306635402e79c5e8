//! Closed sets of codes. They are stored, printed and sent to the window as strings, so that
//! records written before they were enums can be read, and a code can be added without a new
//! format.
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Defines an enum whose values are strings outside Rust.
macro_rules! codes {
    (
        $(#[doc = $about:literal])+
        $name:ident, $wire:ident {
            $($(#[doc = $doc:literal])+ $variant:ident = $text:literal,)+
        }
    ) => {
        $(#[doc = $about])+
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum $name {
            $($(#[doc = $doc])+ $variant,)+
        }

        impl $name {
            /// Its string in records and JSON.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)+
                }
            }

            /// Reads what [`Self::as_str`] gives.
            #[must_use]
            pub fn parse(text: &str) -> Option<Self> {
                match text {
                    $($text => Some(Self::$variant),)+
                    _ => None,
                }
            }
        }

        /// By its string.
        impl Ord for $name {
            fn cmp(&self, other: &Self) -> std::cmp::Ordering {
                self.as_str().cmp(other.as_str())
            }
        }

        impl PartialOrd for $name {
            fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
                Some(self.cmp(other))
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        /// The TypeScript union. A derive on the enum itself would number the variants in
        /// records.
        mod $wire {
            $(#[doc = $about])+
            #[derive(serde::Serialize, serde::Deserialize, specta::Type)]
            pub(super) enum $name {
                $($(#[doc = $doc])+ #[serde(rename = $text)] $variant,)+
            }
        }

        impl specta::Type for $name {
            fn definition(types: &mut specta::Types) -> specta::datatype::DataType {
                <$wire::$name as specta::Type>::definition(types)
            }
        }
    };
}

codes! {
    /// Why a feed, page, picture or recording could not be fetched, or an item not be sent.
    ProblemCode, problem_code {
        /// The host name does not exist.
        HostNotFound = "hostNotFound",
        /// The host did not accept the connection.
        NoConnection = "noConnection",
        /// The certificate or the TLS handshake is not valid.
        Tls = "tls",
        /// No trusted authority has signed the certificate.
        CertificateUntrusted = "certificateUntrusted",
        /// The certificate has expired.
        CertificateExpired = "certificateExpired",
        /// The certificate is for another name.
        CertificateName = "certificateName",
        /// The host took too long.
        TimedOut = "timedOut",
        /// 404.
        NotFound = "notFound",
        /// 410: no longer available.
        Gone = "gone",
        /// 401 or 403.
        Forbidden = "forbidden",
        /// 429.
        TooManyRequests = "tooManyRequests",
        /// 5xx.
        ServerError = "serverError",
        /// Any other unexpected status.
        Status = "status",
        /// The response exceeds the size limit.
        TooLarge = "tooLarge",
        /// Too many redirects.
        TooManyRedirects = "tooManyRedirects",
        /// The address is in a private network, which the feed may not reach.
        PrivateAddress = "privateAddress",
        /// A public feed now redirects to a private address.
        MovedInside = "movedInside",
        /// The connection was interrupted.
        BrokeOff = "brokeOff",
        /// The address is not a web URL.
        BadAddress = "badAddress",
        /// A network's sign-in page (captive portal) answered.
        Portal = "portal",
        /// The response is not a feed.
        NotAFeed = "notAFeed",
        /// The response is a web page, not a feed.
        WebPage = "webPage",
        /// Telegram shows no public preview of the channel.
        NoPreview = "noPreview",
        /// The page no longer has the list or part that the reader chose.
        PartMissing = "partMissing",
        /// The response is empty.
        Empty = "empty",
        /// The mail server refused the user name or password.
        WrongPassword = "wrongPassword",
        /// The mail provider wants a password made for this program.
        AppPassword = "appPassword",
        /// No password of the mail account is stored.
        NoPassword = "noPassword",
        /// The mailbox has no such folder.
        FolderMissing = "folderMissing",
        /// The server does not speak IMAP, or offers no encryption.
        NotAMailServer = "notAMailServer",
        /// The mail server refused, with a message of its own.
        MailRefused = "mailRefused",
        /// The articles could not be stored.
        Store = "store",
        /// The site's robots.txt disallows it.
        DisallowedByRobots = "unwelcome",
        /// The site's robots.txt could not be fetched.
        RobotsUnreachable = "robotsUnreachable",
        /// The page has no article.
        NoArticle = "noArticle",
        /// The page asks for proof that the visitor is human.
        BotCheck = "botCheck",
        /// The page asks for cookie consent.
        Consent = "consent",
        /// The page or service requires signing in.
        SignIn = "signIn",
        /// Only subscribers can read the whole text.
        Paywalled = "paywalled",
        /// The link is a PDF, not a page.
        IsPdf = "isPdf",
        /// The link is an audio file, not a page.
        IsAudio = "isSound",
        /// The link is a video, not a page.
        IsVideo = "isVideo",
        /// The link is a picture, not a page.
        IsPicture = "isPicture",
        /// The link is an archive, not a page.
        IsArchive = "isArchive",
        /// The link is a document, not a page.
        IsDocument = "isDocument",
        /// The link is another file, not a page.
        IsData = "isData",
        /// The picture cannot be shown safely.
        BadPicture = "badPicture",
        /// The audio format is unknown.
        BadAudio = "badSound",
        /// It exceeds the pack's size limit.
        NoRoom = "noRoom",
        /// The reader cancelled it.
        Stopped = "stopped",
        /// A service's response could not be understood.
        BadAnswer = "badAnswer",
        /// A code that this version does not know.
        Other = "other",
    }
}

impl<'de> Deserialize<'de> for ProblemCode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Ok(Self::parse(&text).unwrap_or(Self::Other))
    }
}

codes! {
    /// What an article in a pack may lack.
    PackPart, pack_part {
        /// Its text.
        Text = "text",
        /// Some of its pictures.
        Pictures = "pictures",
        /// Some of its recordings.
        Audio = "sounds",
    }
}

impl<'de> Deserialize<'de> for PackPart {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| unknown("part", &text))
    }
}

codes! {
    /// The platform of a publisher's channel.
    ChannelKind, channel_kind {
        /// A WhatsApp Channel.
        WhatsappChannel = "whatsapp-channel",
        /// A Google News page.
        GoogleNews = "google-news",
    }
}

impl<'de> Deserialize<'de> for ChannelKind {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| unknown("channel kind", &text))
    }
}

fn unknown<E: serde::de::Error>(what: &str, text: &str) -> E {
    E::custom(format_args!("unknown {what} `{text}`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_stored_as_the_strings_they_were() {
        let old = postcard::to_stdvec(&("unwelcome", "sounds", "google-news")).unwrap();
        let new = (
            ProblemCode::DisallowedByRobots,
            PackPart::Audio,
            ChannelKind::GoogleNews,
        );
        assert_eq!(postcard::to_stdvec(&new).unwrap(), old);
        let read: (ProblemCode, PackPart, ChannelKind) = postcard::from_bytes(&old).unwrap();
        assert_eq!(read, new);
        assert_eq!(
            serde_json::to_string(&new).unwrap(),
            r#"["unwelcome","sounds","google-news"]"#
        );
    }

    #[test]
    fn an_unknown_problem_code_reads_as_other() {
        let old = postcard::to_stdvec("fromAnotherVersion").unwrap();
        let read: ProblemCode = postcard::from_bytes(&old).unwrap();
        assert_eq!(read, ProblemCode::Other);
    }
}
