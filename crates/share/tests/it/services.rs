//! Requests to services that keep links, as each documents them.

use warta_share::Subject;
use warta_share::service::{Account, Request, SERVICES, check, find, save, sign_in, token};

fn account() -> Account {
    Account {
        address: "https://simpan.example".into(),
        token: "rahasia".into(),
        user: "ani@e.org".into(),
        password: "kata sandi&".into(),
        client_id: "7_abc".into(),
        client_secret: "s3".into(),
    }
}

#[test]
fn each_request_is_as_documented() {
    let subject = Subject {
        excerpt: "Kapal \"baru\" tiba.".into(),
        ..crate::subject("Feri & laut 🌊")
    };
    let rows = [
        (
            "readwise",
            "/api/v3/save/",
            "Token rahasia",
            r#"{"saved_using":"Warta","summary":"Kapal \"baru\" tiba.","title":"Feri & laut 🌊","url":"https://kabar.example/a?id=7"}"#,
        ),
        (
            "raindrop",
            "/rest/v1/raindrop",
            "Bearer rahasia",
            r#"{"excerpt":"Kapal \"baru\" tiba.","link":"https://kabar.example/a?id=7","pleaseParse":{},"title":"Feri & laut 🌊"}"#,
        ),
        (
            "instapaper",
            "/api/add",
            "Basic YW5pQGUub3JnOmthdGEgc2FuZGkm",
            "url=https%3A%2F%2Fkabar.example%2Fa%3Fid%3D7&title=Feri+%26+laut+%F0%9F%8C%8A&selection=Kapal+%22baru%22+tiba.",
        ),
        (
            "wallabag",
            "/api/entries.json",
            "Bearer rahasia",
            r#"{"title":"Feri & laut 🌊","url":"https://kabar.example/a?id=7"}"#,
        ),
        (
            "linkding",
            "/api/bookmarks/",
            "Token rahasia",
            r#"{"description":"Kapal \"baru\" tiba.","title":"Feri & laut 🌊","url":"https://kabar.example/a?id=7"}"#,
        ),
        (
            "readeck",
            "/api/bookmarks",
            "Bearer rahasia",
            r#"{"title":"Feri & laut 🌊","url":"https://kabar.example/a?id=7"}"#,
        ),
        (
            "karakeep",
            "/api/v1/bookmarks",
            "Bearer rahasia",
            r#"{"title":"Feri & laut 🌊","type":"link","url":"https://kabar.example/a?id=7"}"#,
        ),
    ];
    assert_eq!(rows.len(), SERVICES.len());
    for (id, path, authorization, body) in rows {
        let request = save(find(id).unwrap(), &account(), &subject);
        assert_eq!(request.url, format!("https://simpan.example{path}"));
        assert_eq!(
            request.authorization.as_deref(),
            Some(authorization),
            "{id}"
        );
        assert_eq!(body_of(&request), body, "{id}");
        let shown = format!("{request:?} {:?}", account());
        assert!(
            !shown.contains("rahasia") && !shown.contains("sandi"),
            "{shown}"
        );
    }
}

fn body_of(request: &Request) -> &str {
    request.body.as_ref().map_or("", |(_, body)| body)
}

#[test]
fn checking_an_account_changes_nothing() {
    for (id, path) in [
        ("readwise", "/api/v2/auth/"),
        ("raindrop", "/rest/v1/user"),
        ("instapaper", "/api/authenticate"),
        ("linkding", "/api/user/profile/"),
        ("readeck", "/api/bookmarks?limit=1"),
        ("karakeep", "/api/v1/users/me"),
    ] {
        let service = find(id).unwrap();
        let request = check(service, &account()).unwrap();
        assert_eq!(request.url, format!("https://simpan.example{path}"));
        assert_eq!(request.body, None, "{id} is asked by GET");
        let saved = save(service, &account(), &crate::subject("Feri"));
        assert_eq!(request.authorization, saved.authorization, "{id}");
    }
    let wallabag = find("wallabag").unwrap();
    assert_eq!(check(wallabag, &account()), None, "signing in shows it");
}

#[test]
fn wallabag_signs_in_first() {
    let request = sign_in(find("wallabag").unwrap(), &account()).unwrap();
    assert_eq!(request.url, "https://simpan.example/oauth/v2/token");
    assert_eq!(
        body_of(&request),
        "grant_type=password&client_id=7_abc&client_secret=s3&username=ani%40e.org&password=kata+sandi%26"
    );
    assert_eq!(
        token(br#"{"access_token":"abc","expires_in":3600}"#).as_deref(),
        Some("abc")
    );
    assert_eq!(token(b"<html>"), None);
    assert!(sign_in(find("readeck").unwrap(), &account()).is_none());
}

#[test]
fn empty_fields_are_omitted() {
    let bare = Subject {
        url: "https://kabar.example/a".into(),
        ..Subject::default()
    };
    let request = save(find("linkding").unwrap(), &account(), &bare);
    assert_eq!(body_of(&request), r#"{"url":"https://kabar.example/a"}"#);
    let request = save(find("instapaper").unwrap(), &account(), &bare);
    assert_eq!(body_of(&request), "url=https%3A%2F%2Fkabar.example%2Fa");
}
