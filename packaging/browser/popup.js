// Hands the address of the tab in front to Warta by a `warta://save` link, and closes. Where it cannot, it stays
// open and says why. It reads nothing of the page, sends nothing and remembers nothing: `activeTab` lets it see the
// address of this one tab, after a click or the key.

/** Warta opens no longer link. */
const LONGEST_LINK = 64 * 1024;

/** The link that saves an address, or the name of the message that says why there is none. */
function linkFor(address) {
  if (!address) return { refusal: 'refusedHidden' };
  const { protocol, href } = new URL(address);
  if (protocol === 'file:') return { refusal: 'refusedFile' };
  if (protocol !== 'http:' && protocol !== 'https:') return { refusal: 'refusedBrowser' };
  const link = `warta://save?url=${encodeURIComponent(href)}`;
  return link.length > LONGEST_LINK ? { refusal: 'refusedLong' } : { link };
}

function say(name) {
  document.documentElement.lang = chrome.i18n.getMessage('language');
  document.getElementById('words').textContent = chrome.i18n.getMessage(name);
}

async function save() {
  const [tab] = await chrome.tabs.query({ active: true, currentWindow: true });
  const { link, refusal } = linkFor(tab?.url);
  if (refusal) {
    say(refusal);
    return;
  }
  try {
    await chrome.tabs.update(tab.id, { url: link });
    window.close();
  } catch {
    say('failed');
  }
}

save();
