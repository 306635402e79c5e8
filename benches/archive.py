"""Measures the archive: `python3 benches/archive.py FOLDER ARTICLES FEEDS [--newsboat N]`.

Builds nothing: `cargo build --release -p warta-store --example archive` comes first. Texts are put
together from sentences of the test corpora (../shared/corpora, or $WARTA_CORPORA). With --newsboat,
the first N articles are also put into an SQLite file of newsboat's schema, for its size.
"""
import argparse
import gzip
import json
import os
import pathlib
import re
import sqlite3
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
# As newsboat 2.21 makes it.
SCHEMA = """
CREATE TABLE rss_feed (rssurl VARCHAR(1024) PRIMARY KEY NOT NULL, url VARCHAR(1024) NOT NULL,
  title VARCHAR(1024) NOT NULL, lastmodified INTEGER(11) NOT NULL DEFAULT 0,
  is_rtl INTEGER(1) NOT NULL DEFAULT 0, etag VARCHAR(128) NOT NULL DEFAULT "");
CREATE TABLE rss_item (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, guid VARCHAR(64) NOT NULL,
  title VARCHAR(1024) NOT NULL, author VARCHAR(1024) NOT NULL, url VARCHAR(1024) NOT NULL,
  feedurl VARCHAR(1024) NOT NULL, pubDate INTEGER NOT NULL, content VARCHAR(65535) NOT NULL,
  unread INTEGER(1) NOT NULL, enclosure_url VARCHAR(1024), enclosure_type VARCHAR(1024),
  enqueued INTEGER(1) NOT NULL DEFAULT 0, flags VARCHAR(52), deleted INTEGER(1) NOT NULL DEFAULT 0,
  base VARCHAR(128) NOT NULL DEFAULT "");
CREATE TABLE google_replay (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  guid VARCHAR(64) NOT NULL, state INTEGER NOT NULL, ts INTEGER NOT NULL);
CREATE INDEX idx_rssurl ON rss_feed(rssurl);
CREATE INDEX idx_guid ON rss_item(guid);
CREATE INDEX idx_feedurl ON rss_item(feedurl);
CREATE INDEX idx_lastmodified ON rss_feed(lastmodified);
CREATE INDEX idx_deleted ON rss_item(deleted);
CREATE TABLE metadata (db_schema_version_major INTEGER NOT NULL,
  db_schema_version_minor INTEGER NOT NULL);
"""


def sentences(corpora):
    """Sentences of the corpora's articles, Indonesian and English."""
    texts = []
    with open(corpora / "indonesian/news-summaries/articles.jsonl", encoding="utf-8") as lines:
        texts.extend(json.loads(line).get("text", "") for line in lines)
    for page in sorted((corpora / "extract/scrapinghub").glob("*.expected.json")):
        texts.append(json.loads(page.read_text(encoding="utf-8")).get("articleBody", ""))
    for page in sorted((corpora / "extract/trafilatura").glob("*.html.gz"))[:300]:
        html = gzip.open(page, "rt", encoding="utf-8", errors="replace").read()
        for paragraph in re.findall(r"<p>([^<]{80,})</p>", html):
            texts.append(paragraph)
    found = {}
    for text in texts:
        for sentence in re.split(r"(?<=[.!?])\s+|\n+", text or ""):
            sentence = " ".join(sentence.split())
            if 30 <= len(sentence) <= 300:
                found[sentence] = None
    return list(found)


def newsboat(dump, path):
    """The dumped articles in a file as newsboat keeps them; its size in bytes."""
    path.unlink(missing_ok=True)
    base = sqlite3.connect(path)
    base.executescript(SCHEMA)
    feeds = {}
    with open(dump, encoding="utf-8") as lines, base:
        for line in lines:
            item = json.loads(line)
            feeds[item["feed"]] = item["feed_title"]
            base.execute(
                "INSERT INTO rss_item (guid, title, author, url, feedurl, pubDate, content, unread,"
                " enclosure_url, enclosure_type, flags, base) VALUES (?,?,?,?,?,?,?,?,'','','','')",
                (item["guid"], item["title"], item["author"], item["url"], item["feed"],
                 item["published"], item["html"], int(not item["read"])),
            )
        for url, title in feeds.items():
            base.execute("INSERT INTO rss_feed (rssurl, url, title, etag) VALUES (?,?,?,?)",
                         (url, url, title, '"etag"'))
    base.close()
    return path.stat().st_size


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("articles")
    parser.add_argument("feeds")
    parser.add_argument("--newsboat", type=int, default=0)
    parser.add_argument("parts", nargs="*", help="passed on to the program")
    arguments = parser.parse_intermixed_args()
    corpora = pathlib.Path(os.environ.get("WARTA_CORPORA", ROOT / "../shared/corpora"))
    arguments.folder.mkdir(parents=True, exist_ok=True)
    text = arguments.folder / "sentences.txt"
    if not text.exists():
        if not corpora.exists():
            sys.exit("the corpora are missing: skipped")
        text.write_text("\n".join(sentences(corpora)), encoding="utf-8")
    program = ROOT / "target/release/examples/archive"
    command = [program, arguments.folder / "store", arguments.articles, arguments.feeds, text]
    environment = dict(os.environ)
    dump = arguments.folder / "articles.jsonl"
    if arguments.newsboat:
        environment |= {"DUMP": str(dump), "DUMP_ARTICLES": str(arguments.newsboat)}
    subprocess.run([*command, *arguments.parts], env=environment, check=True)
    if arguments.newsboat:
        size = newsboat(dump, arguments.folder / "newsboat.db")
        print(f"newsboat's SQLite file with {arguments.newsboat} articles: {size / 1e6:.0f} MB")


main()
