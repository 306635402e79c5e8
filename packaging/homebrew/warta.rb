cask "warta" do
  version "0.1.0"
  sha256 "@SHA256:Warta_0.1.0_universal.dmg@"

  url "@REPOSITORY@/releases/download/v#{version}/Warta_#{version}_universal.dmg"
  name "Warta"
  desc "News reader that works offline and forwards articles"
  homepage "@HOMEPAGE@"

  depends_on macos: ">= :monterey"

  app "Warta.app"

  # Removed by `brew uninstall --zap` only. The first folder holds the articles, marks and settings.
  zap trash: [
    "~/Library/Application Support/org.warta.reader",
    "~/Library/Caches/org.warta.reader",
    "~/Library/Preferences/org.warta.reader.plist",
    "~/Library/Saved Application State/org.warta.reader.savedState",
    "~/Library/WebKit/org.warta.reader",
  ]
end
