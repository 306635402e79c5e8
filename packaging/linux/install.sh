#!/bin/sh
# Installs a release build of Warta below $DESTDIR$PREFIX (/usr/local unless given): the two programs, what the
# desktop reads about them, icons and licences. For packages that are made from source (AUR, Flatpak); builds
# nothing. Before it: `cargo build --release` of both programs, `node scripts/licences.mjs`, and the example `manual`
# of the command line, which writes the manual pages and completions to `manual` beside `release`.
set -eu
cd "$(dirname "$0")/../.."

to="${DESTDIR:-}${PREFIX:-/usr/local}"
built="${CARGO_TARGET_DIR:-target}"

put() { # mode, file, path below the prefix
  mkdir -p "$to/$(dirname "$3")"
  install -m "$1" "$2" "$to/$3"
}

put 755 "$built/release/warta-desktop" bin/warta-desktop
put 755 "$built/release/warta" bin/warta
put 644 packaging/linux/org.warta.reader.desktop share/applications/org.warta.reader.desktop
put 644 packaging/linux/org.warta.reader.metainfo.xml share/metainfo/org.warta.reader.metainfo.xml
put 644 src-tauri/icons/icon.svg share/icons/hicolor/scalable/apps/warta-desktop.svg
put 644 src-tauri/icons/32x32.png share/icons/hicolor/32x32/apps/warta-desktop.png
put 644 src-tauri/icons/128x128.png share/icons/hicolor/128x128/apps/warta-desktop.png
put 644 src-tauri/icons/128x128@2x.png share/icons/hicolor/256x256/apps/warta-desktop.png
for page in "$built"/manual/man/*.1 packaging/linux/warta-desktop.1; do
  put 644 "$page" "share/man/man1/$(basename "$page")"
done
put 644 "$built/manual/completions/warta.bash" share/bash-completion/completions/warta
put 644 "$built/manual/completions/warta.fish" share/fish/vendor_completions.d/warta.fish
put 644 "$built/manual/completions/_warta" share/zsh/site-functions/_warta
for file in LICENSE-MIT LICENSE-APACHE crates/share/fonts/*-OFL.txt "$built/licences/THIRD-PARTY.txt"; do
  put 644 "$file" "share/licenses/warta/$(basename "$file")"
done
