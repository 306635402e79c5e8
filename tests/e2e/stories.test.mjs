// Stories of the demo publishers in the real app: grouping and reasons; following, muting and rules, also
// after a kill; the trending history; and finding the original of a forwarded text.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { start } from '../demo/server.mjs';
import { makeHome, openApp, openScreen, synced, until } from './harness.mjs';

let demo;
let screen;
let home;
let app;
/** Published articles with their publisher's name and the event they report. */
let published;

before(async () => {
  demo = await start({ faults: { slow: 50, broken: 'sound' } });
  const names = new Map(demo.publishers.map((publisher) => [publisher.id, publisher.name]));
  published = Object.entries(demo.articles).flatMap(([id, articles]) => articles.map((article) => ({ ...article, name: names.get(id) })));
  screen = await openScreen();
  home = makeHome();
  await synced(home, demo);
  app = await openApp(screen, home);
});

after(async () => {
  app?.kill();
  screen?.close();
  await demo?.stop();
  home?.remove();
});

/** The front page's stories as displayed. */
const pieces = () =>
  app.browser.execute(() =>
    [...document.querySelectorAll('[data-testid^="story-"]')].map((piece) => ({
      id: piece.dataset.testid,
      headline: piece.querySelector('h2').innerText.trim(),
      why: piece.querySelector('.why').innerText,
      text: piece.innerText,
    })),
  );
const eventOf = (headline) => published.find((article) => article.title.trim() === headline)?.story;
const reportsOf = (event) => published.filter((article) => article.story === event).sort((a, b) => a.time - b.time);
const publishersOf = (event) => new Set(reportsOf(event).map((report) => report.publisher)).size;
const countOf = (piece) => Number(piece.why.match(/(\d+) penerbit/)[1]);
const clock = (time) => new Intl.DateTimeFormat('id-ID', { hour: '2-digit', minute: '2-digit' }).format(time);
const openStory = (id) => app.browser.execute((wanted) => document.querySelector(`[data-testid="${wanted}"] h2 button`).click(), id);
const bodyText = () => app.browser.execute(() => document.body.innerText);
const closeDialog = async (id) => {
  await app.browser.keys(['Escape']);
  await until(`"${id}" has closed`, async () => !(await (await app.find(id)).isExisting()));
};

/** The followed and the muted event with their headlines. */
let followed;
let muted;

/** Publishes an article as a publisher's newest and lets the app fetch it. */
async function publish(publisher, like, slug, title, paragraphs) {
  demo.articles[publisher].unshift({ ...like, publisher, slug, title, picture: undefined, time: new Date(), blocks: paragraphs.map((text) => ({ kind: 'paragraph', text })) });
  await app.browser.keys(['r']);
}

test('the front page shows stories of several publishers with reasons', async () => {
  await app.shown('front-page');
  const shown = await until('stories are gathered', async () => {
    const all = await pieces();
    return all.length >= 3 && all;
  }, 40_000);
  for (const piece of shown) {
    assert.match(piece.why, /^(Baru|Naik|Di puncak|Mereda) · \d+ penerbit sejak .*\d\d\.\d\d$/);
    assert.ok(countOf(piece) >= 2, `several report ${piece.headline}`);
  }
  // Widely reported events lead and are complete, each in one story; small stories may contain one extra article.
  const large = shown.filter((piece) => countOf(piece) >= 5);
  assert.ok(large.length >= 4, `${large.length} stories have five or more publishers`);
  for (const piece of large) {
    const event = eventOf(piece.headline);
    assert.ok(event, `“${piece.headline}” is about an event that several report`);
    const reports = reportsOf(event);
    assert.ok(piece.why.endsWith(clock(reports[0].time)), `${reports[0].name} was first: ${piece.why}`);
    assert.ok(countOf(piece) <= publishersOf(event), `${countOf(piece)} publishers of ${publishersOf(event)}: ${piece.headline}`);
  }
  const events = large.map((piece) => eventOf(piece.headline));
  assert.equal(new Set(events).size, events.length, 'no event is listed twice');
  const all = new Set(published.map((article) => article.story).filter(Boolean));
  const most = Math.max(...[...all].map(publishersOf));
  assert.ok(countOf(shown[0]) >= most - 1, `the story that most report leads: ${shown[0].headline}`);
});

test('a story’s page: summary, time order, first report, copies under their source', async () => {
  const [lead, second] = await pieces();
  followed = { ...lead, event: eventOf(lead.headline) };
  muted = { ...second, event: eventOf(second.headline) };
  await openStory(lead.id);
  await app.shown('story-reports');
  const page = await app.browser.execute(() => ({
    quotes: [...document.querySelectorAll('[data-testid="story-summary"] blockquote')].map((one) => one.innerText),
    reports: [...document.querySelectorAll('[data-testid^="report-"]')].map((one) => ({
      publisher: one.querySelector('.publisher').innerText,
      time: one.querySelector('time').dateTime,
      first: one.querySelector('.first') !== null,
      copies: one.querySelectorAll('.copies li').length,
    })),
  }));
  assert.ok(page.quotes.length >= 2 && page.quotes.length <= 3, `${page.quotes.length} sentences sum it up`);
  const words = published.filter((one) => one.story === followed.event).flatMap((one) => one.blocks.map((block) => block.text)).join(' ');
  for (const quote of page.quotes) {
    assert.ok(words.includes(quote.slice(0, 30).trim()), `“${quote}” is in one of its articles`);
  }
  const times = page.reports.map((report) => report.time);
  assert.deepEqual(times, [...times].sort(), 'oldest first');
  const firsts = page.reports.filter((report) => report.first);
  assert.deepEqual(firsts.map((report) => report.publisher), [reportsOf(followed.event)[0].name]);
});

test('following, muting and rules survive a kill', async () => {
  await app.click('follow-story');
  await until('it is followed', async () => (await (await app.find('follow-story')).getAttribute('aria-pressed')) === 'true');
  await app.click('back');
  await app.shown('front-page');
  await openStory(muted.id);
  await app.shown('story-reports');
  await app.click('mute-story');
  await app.shown('front-page');
  await until('the muted story is gone', async () => !(await pieces()).some((piece) => eventOf(piece.headline) === muted.event));
  await app.click('settings-button');
  await app.click('settings-rules');
  await app.click('new-rule');
  await (await app.shown('rule-words')).setValue('Kapten Jelaga');
  await (await app.find('rule-tag')).setValue('Kucing');
  await app.click('rule-try');
  assert.match(await (await app.shown('rule-trial')).getText(), /^0 dari /);
  await app.click('rule-keep');
  await app.shown('rules');
  await closeDialog('rules-dialog');

  app.kill();
  app = await openApp(screen, home);
  await app.shown('front-page', 60_000);
  const shown = await until('stories are gathered', async () => {
    const all = await pieces();
    return all.length >= 2 && all;
  }, 40_000);
  assert.ok(!shown.some((piece) => eventOf(piece.headline) === muted.event), 'it is still muted');
  const still = shown.find((piece) => eventOf(piece.headline) === followed.event);
  assert.match(still.text, /Diikuti/);
});

test('a followed story’s development is notified, a muted one’s not; a rule applies to new articles', async () => {
  const [first] = reportsOf(followed.event);
  const heard = until('the development is shown', () =>
    app.browser.execute(() => [...document.querySelectorAll('[data-testid="toast"]')].map((one) => one.innerText).find((text) => text.includes('Laksamana Prawiro'))),
  40_000);
  const names = first.blocks.filter((block) => block.text.length > 80).slice(0, 2).map((block) => block.text);
  await publish('sagara', first, 'perkembangan-baru', `${first.title}: penyelidikan dimulai`, [`${names[0]} Laksamana Prawiro Hadinegoro memimpin penyelidikan dengan 4.719 penyelidik dari Jakarta.`, ...names.slice(1)]);
  assert.match(await heard, /Laksamana Prawiro Hadinegoro/);

  const [quiet] = reportsOf(muted.event);
  await publish('sagara', quiet, 'tetap-senyap', `${quiet.title} (lanjutan)`, quiet.blocks.filter((block) => block.text.length > 80).map((block) => block.text));
  await publish('sagara', quiet, 'kucing-pelabuhan', 'Kapten Jelaga, kucing pelabuhan, pensiun', ['Kapten Jelaga berhenti bekerja.']);
  const tag = () => app.browser.execute(() => document.querySelector('[data-testid="places-tags"] [data-testid^="tag-"]')?.dataset.testid);
  await until('the tag is in the sidebar', async () => {
    // A feed being fetched is not fetched again, and that fetch may have started before the article was published.
    await app.browser.keys(['r']);
    return tag();
  }, 40_000);
  await app.click('place-all');
  await until('the list is there', async () => (await app.browser.$$('[data-testid^="row-"]')).length > 3);
  const listed = await bodyText();
  assert.ok(!listed.includes('(lanjutan)'), 'new articles of a muted story are in no list');
  assert.ok(!listed.includes('Kapten Jelaga, kucing pelabuhan'), 'articles muted by a rule are in no list');
  await app.click(await tag());
  await until('the tag lists it', async () => (await bodyText()).includes('Kapten Jelaga, kucing pelabuhan'));
});

test('the trending history records today; a forwarded text leads to its story', async () => {
  await app.click('place-front');
  await app.click('open-past');
  await app.shown('past-page');
  await until('today is noted', async () => (await bodyText()).includes(followed.headline));
  await app.click('place-front');
  await app.click('open-original');
  const [first] = reportsOf(followed.event);
  const field = await app.shown('original-text');
  await app.browser.execute((value) => {
    const area = document.querySelector('[data-testid="original-text"]');
    area.value = value;
    area.dispatchEvent(new InputEvent('input', { bubbles: true }));
  }, `*${first.title}*\nTolong sebarkan!`);
  assert.ok(await field.isDisplayed());
  await app.click('original-find');
  assert.match(await (await app.shown('original-sure', 30_000)).getText(), /sama/);
  assert.ok((await bodyText()).includes(first.title));
  await closeDialog('original-dialog');
});

test('a search is saved by keyboard and survives a kill', async () => {
  await app.browser.keys(['/']);
  const field = await app.shown('search-field');
  await field.setValue('kapal');
  await app.shown('search-results');
  await app.browser.keys(['Control', 's']);
  await app.shown('search-dialog');
  await (await app.find('search-name')).setValue('Tentang kapal');
  await app.click('search-keep');
  await until('it is in the sidebar', async () => (await bodyText()).includes('Tentang kapal'));
  app.kill();
  app = await openApp(screen, home);
  await app.shown('front-page');
  await until('it is still in the sidebar', async () => (await bodyText()).includes('Tentang kapal'));
  await app.browser.execute(() => document.querySelector('[data-testid="places-searches"] button').click());
  await app.shown('search-results');
});
