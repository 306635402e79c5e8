//! Services that save links for later: the requests documented by each service. Deliberately
//! absent: sending them, and keeping the secrets.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};

use warta_text::collapse_whitespace;

use crate::link::clean_link;
use crate::model::Subject;

/// The credentials that a service needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    /// A token.
    Token,
    /// A name and optionally a password.
    Login,
    /// A client's id and secret, a name and a password (OAuth 2 password grant).
    Client,
}

/// A service that saves links.
#[derive(Debug, PartialEq, Eq)]
pub struct Service {
    /// e.g. `raindrop`.
    pub id: &'static str,
    /// e.g. `Raindrop.io`.
    pub name: &'static str,
    /// Its URL; empty if it is self-hosted.
    pub address: &'static str,
    /// The credentials that it needs.
    pub needs: Needs,
    /// The page where readers get them; a path if the service is self-hosted.
    pub where_to_get: &'static str,
}

/// All supported services.
pub static SERVICES: [Service; 7] = [
    // https://readwise.io/reader_api
    Service {
        id: "readwise",
        name: "Readwise Reader",
        address: "https://readwise.io",
        needs: Needs::Token,
        where_to_get: "https://readwise.io/access_token",
    },
    // https://developer.raindrop.io/v1/raindrops/single
    Service {
        id: "raindrop",
        name: "Raindrop.io",
        address: "https://api.raindrop.io",
        needs: Needs::Token,
        where_to_get: "https://app.raindrop.io/settings/integrations",
    },
    // https://www.instapaper.com/api/simple
    Service {
        id: "instapaper",
        name: "Instapaper",
        address: "https://www.instapaper.com",
        needs: Needs::Login,
        where_to_get: "https://www.instapaper.com/user",
    },
    // https://doc.wallabag.org/developer/api/methods/
    Service {
        id: "wallabag",
        name: "wallabag",
        address: "",
        needs: Needs::Client,
        where_to_get: "/developer",
    },
    // https://linkding.link/api/
    Service {
        id: "linkding",
        name: "linkding",
        address: "",
        needs: Needs::Token,
        where_to_get: "/settings/integrations",
    },
    // https://readeck.org/en/docs/api
    Service {
        id: "readeck",
        name: "Readeck",
        address: "",
        needs: Needs::Token,
        where_to_get: "/profile/tokens",
    },
    // https://docs.karakeep.app/api/create-a-new-bookmark
    Service {
        id: "karakeep",
        name: "Karakeep",
        address: "",
        needs: Needs::Token,
        where_to_get: "/settings/api-keys",
    },
];

/// An account with its secrets.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Account {
    /// URL of the service, without trailing slash.
    pub address: String,
    /// The token; for a [`Needs::Client`] service the one from signing in.
    pub token: String,
    /// The name.
    pub user: String,
    /// The password.
    pub password: String,
    /// The client's id.
    pub client_id: String,
    /// The client's secret.
    pub client_secret: String,
}

impl std::fmt::Debug for Account {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Account({})", self.address)
    }
}

/// A request to send.
#[derive(Clone, PartialEq, Eq)]
pub struct Request {
    /// Its URL.
    pub url: String,
    /// The value of `Authorization`; secret.
    pub authorization: Option<String>,
    /// Media type and body of a POST; secret when signing in. Without a body it is a GET.
    pub body: Option<(&'static str, String)>,
}

impl std::fmt::Debug for Request {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Request({})", self.url)
    }
}

/// The service with this id.
#[must_use]
pub fn find(id: &str) -> Option<&'static Service> {
    SERVICES.iter().find(|service| service.id == id)
}

/// The request to sign in, if the service requires it; the response contains the token, see
/// [`token`].
#[must_use]
pub fn sign_in(service: &Service, account: &Account) -> Option<Request> {
    (service.needs == Needs::Client).then(|| Request {
        url: format!("{}/oauth/v2/token", account.address),
        authorization: None,
        body: Some((
            FORM,
            form(&[
                ("grant_type", "password"),
                ("client_id", &account.client_id),
                ("client_secret", &account.client_secret),
                ("username", &account.user),
                ("password", &account.password),
            ]),
        )),
    })
}

/// The token in a response to [`sign_in`].
#[must_use]
pub fn token(answer: &[u8]) -> Option<String> {
    let answer: Value = serde_json::from_slice(answer).ok()?;
    Some(answer.get("access_token")?.as_str()?.to_owned())
}

/// The request that saves the link of `subject`, without tracking parameters.
#[must_use]
pub fn save(service: &Service, account: &Account, subject: &Subject) -> Request {
    let link = clean_link(&subject.url);
    let title = collapse_whitespace(&subject.title);
    let excerpt = collapse_whitespace(&subject.excerpt);
    let (path, body) = match service.id {
        "readwise" => (
            "/api/v3/save/",
            json!({ "url": link, "title": title, "summary": excerpt, "saved_using": "Warta" }),
        ),
        "raindrop" => (
            "/rest/v1/raindrop",
            json!({ "link": link, "title": title, "excerpt": excerpt, "pleaseParse": {} }),
        ),
        "instapaper" => {
            let fields = form(&[("url", &link), ("title", &title), ("selection", &excerpt)]);
            return Request {
                body: Some((FORM, fields)),
                ..asking(service, account, "/api/add")
            };
        }
        "wallabag" => ("/api/entries.json", json!({ "url": link, "title": title })),
        "linkding" => (
            "/api/bookmarks/",
            json!({ "url": link, "title": title, "description": excerpt }),
        ),
        "readeck" => ("/api/bookmarks", json!({ "url": link, "title": title })),
        _ => (
            "/api/v1/bookmarks",
            json!({ "type": "link", "url": link, "title": title }),
        ),
    };
    Request {
        body: Some(("application/json", without_empty(body).to_string())),
        ..asking(service, account, path)
    }
}

/// A request that checks the account without changing anything; `None` if [`sign_in`] does.
#[must_use]
pub fn check(service: &Service, account: &Account) -> Option<Request> {
    let path = match service.id {
        "readwise" => "/api/v2/auth/",
        "raindrop" => "/rest/v1/user",
        "instapaper" => "/api/authenticate",
        "linkding" => "/api/user/profile/",
        "readeck" => "/api/bookmarks?limit=1",
        "karakeep" => "/api/v1/users/me",
        _ => return None,
    };
    Some(asking(service, account, path))
}

/// A request with a JSON body to Readwise.
pub(crate) fn posting(account: &Account, path: &str, body: &Value) -> Request {
    Request {
        url: format!("{}{path}", account.address),
        authorization: Some(format!("Token {}", account.token)),
        body: Some(("application/json", body.to_string())),
    }
}

/// A GET request with the account's authorization.
fn asking(service: &Service, account: &Account, path: &str) -> Request {
    let authorization = match service.id {
        "readwise" | "linkding" => format!("Token {}", account.token),
        "instapaper" => {
            let login = format!("{}:{}", account.user, account.password);
            format!("Basic {}", STANDARD.encode(login))
        }
        _ => format!("Bearer {}", account.token),
    };
    Request {
        url: format!("{}{path}", account.address),
        authorization: Some(authorization),
        body: None,
    }
}

const FORM: &str = "application/x-www-form-urlencoded";

/// Empty fields are left out, so that the service reads the page itself.
fn without_empty(body: Value) -> Value {
    match body {
        Value::Object(fields) => Value::Object(
            fields
                .into_iter()
                .filter(|(_, value)| value != "")
                .collect::<Map<_, _>>(),
        ),
        other => other,
    }
}

fn form(fields: &[(&str, &str)]) -> String {
    url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields.iter().filter(|(_, value)| !value.is_empty()))
        .finish()
}
