//! `discover --podcasts` against a stand-in for Apple's directory.

use crate::server::Server;
use crate::{Bench, ran};

#[test]
fn podcasts_are_searched_by_words() {
    let server = Server::start();
    server.put(
        "/search?media=podcast&term=obrolan+laut&country=US&limit=30",
        "text/javascript",
        r#"{"results":[{"collectionName":"Obrolan Laut","artistName":"Radio Pesisir",
            "feedUrl":"https://siniar.example/umpan.xml","trackCount":41}]}"#,
    );
    server.put(
        "/search?media=podcast&term=sepi&country=US&limit=30",
        "text/javascript",
        r#"{"results":[]}"#,
    );
    let bench = Bench::new();
    let search = |words: &[&str]| {
        let words = [&["discover", "--podcasts"], words].concat();
        let mut command = bench.command(&words);
        command.env("WARTA_PODCAST_DIRECTORY", server.url(""));
        ran(command.output().unwrap())
    };
    let found = search(&["obrolan", "laut"]);
    assert_eq!(found.code, Some(0), "{found:?}");
    assert!(found.out.contains("Obrolan Laut"), "{found:?}");
    assert!(
        found.out.contains("Radio Pesisir, 41 episodes"),
        "{found:?}"
    );
    assert!(
        found.out.contains("https://siniar.example/umpan.xml"),
        "{found:?}"
    );
    let none = search(&["sepi"]);
    assert_eq!((none.code, none.out.as_str()), (Some(0), ""), "{none:?}");
    assert!(none.err.contains("no podcast"), "{none:?}");
    let failed = search(&["gagal"]);
    assert_eq!(failed.code, Some(1), "{failed:?}");
    for words in [
        vec!["discover"],
        vec!["discover", "kabar.example", "--podcasts", "laut"],
    ] {
        assert_eq!(bench.run(&words).code, Some(2), "{words:?}");
    }
}
