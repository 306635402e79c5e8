// Every screen in the pseudo-languages, over the sample backend: no text bypasses the messages files.

import { render, screen, waitFor } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { Root } from './root';
import type { Backend, Subject } from '../src/lib/backend';
import { failure } from '../src/lib/backend/sample/world';
import { sampleBackend } from '../src/lib/backend/sample';
import { english } from '../src/lib/i18n/en';
import { i18n, t } from '../src/lib/i18n/i18n.svelte';
import { LANGUAGES } from '../src/lib/i18n/languages';
import { PSEUDO_LANGUAGES } from '../src/lib/i18n/pseudo';
import { App } from '../src/lib/state/app.svelte';
import type { DialogRequest } from '../src/lib/state/dialogs.svelte';
import type { View } from '../src/lib/state/places.svelte';
import { recorded, untranslated } from './untranslated';

afterEach(() => i18n.lock(null));

async function started(query = '', change: Partial<Backend> = {}) {
  const sample = sampleBackend(new URLSearchParams(`delay=0&rows=20&${query}`));
  const { backend, texts } = recorded({ ...sample, ...change });
  // Each language goes by its own name.
  for (const { name } of LANGUAGES) texts.add(name);
  const app = new App(backend);
  render(Root, { app });
  await app.start();
  return { app, texts };
}

/** Waits until nothing loads any more, then compares. */
async function allTranslated(texts: ReadonlySet<string>) {
  await waitFor(() => expect(document.querySelector('.skeleton, [aria-busy="true"]')).toBeNull());
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(untranslated(texts)).toEqual([]);
}

const ARTICLE: Subject = { kind: 'article', id: 1 };

describe.each(PSEUDO_LANGUAGES)('in $name', (language) => {
  beforeEach(() => i18n.lock(language));

  test('the document has its language and direction', async () => {
    await started();
    expect(document.documentElement.lang).toBe(language.tag);
    expect(document.documentElement.dir).toBe(language.direction);
  });

  test.each<[string, View]>([
    ['the front page', { kind: 'front' }],
    ['all articles', { kind: 'place', place: { kind: 'all' } }],
    ['unread articles', { kind: 'place', place: { kind: 'unread' } }],
    ['today', { kind: 'place', place: { kind: 'today' } }],
    ['saved articles', { kind: 'place', place: { kind: 'saved' } }],
    ['a folder', { kind: 'place', place: { kind: 'folder', id: 1 } }],
    ['a failing feed', { kind: 'place', place: { kind: 'feed', id: 4 } }],
    ['a tag', { kind: 'place', place: { kind: 'tag', id: 1 } }],
    ['a pack', { kind: 'place', place: { kind: 'pack', id: 1 } }],
    ['a story', { kind: 'story', id: 1 }],
    ['what was trending', { kind: 'past' }],
    ['search', { kind: 'search' }],
  ])('%s', async (_, view) => {
    const { app, texts } = await started();
    app.navigation.go(view);
    await allTranslated(texts);
  });

  test.each([1, 2, 8])('article %i', async (id) => {
    const { app, texts } = await started();
    app.navigation.go({ kind: 'place', place: { kind: 'all' } });
    await app.reader.open(id);
    await allTranslated(texts);
  });

  test.each<[string, DialogRequest]>([
    ['settings', { kind: 'settings' }],
    ['feed activity', { kind: 'activity' }],
    ['adding feeds', { kind: 'addFeed' }],
    ['a feed', { kind: 'feed', id: 1 }],
    ['a folder', { kind: 'folder', id: 1 }],
    ['a new pack', { kind: 'pack' }],
    ['the outbox', { kind: 'outbox' }],
    ['forwarding settings', { kind: 'forwarding' }],
    ['a digest', { kind: 'digest' }],
    ['a saved search', { kind: 'search', query: 'gempa' }],
    ['rules', { kind: 'rules' }],
    ['a rule', { kind: 'rule' }],
    ['finding the original', { kind: 'original', text: 'Gempa di Teluk Sagara' }],
    ['keyboard shortcuts', { kind: 'keys' }],
    ['the command palette', { kind: 'palette' }],
  ])('the dialog for %s', async (_, request) => {
    const { app, texts } = await started();
    app.navigation.go({ kind: 'place', place: { kind: 'all' } });
    await screen.findByTestId('list');
    app.dialogs.open(request);
    await screen.findByRole('dialog');
    await allTranslated(texts);
  });

  test('forwarding to every channel', async () => {
    const { app, texts } = await started();
    for (const { id } of await app.backend.shareChannels()) {
      app.dialogs.open({ kind: 'forward', subject: ARTICLE, channel: id });
      await screen.findByRole('dialog');
      await allTranslated(texts);
      app.dialogs.close();
    }
  });

  test.each(['offline', 'syncing', 'empty', 'first-run', 'broken'])(
    'in the state %s',
    async (state) => {
      const { app, texts } = await started(`state=${state}`);
      if (state === 'empty' || state === 'offline')
        app.navigation.go({ kind: 'place', place: { kind: 'unread' } });
      await allTranslated(texts);
    },
  );

  test('lists, articles, stories and pages that cannot be loaded', async () => {
    const refused = () => Promise.reject(failure('diskFull', 'no space'));
    const { app, texts } = await started('', {
      list: refused,
      article: refused,
      story: refused,
      pastTrending: refused,
      frontPage: refused,
      draft: refused,
    });
    const views: View[] = [
      { kind: 'front' },
      { kind: 'place', place: { kind: 'all' } },
      { kind: 'story', id: 1 },
      { kind: 'past' },
    ];
    for (const view of views) {
      app.navigation.go(view);
      await allTranslated(texts);
    }
    await app.reader.open(1);
    app.dialogs.open({ kind: 'forward', subject: ARTICLE });
    await allTranslated(texts);
  });
});

test('a text that bypasses the messages files is found', () => {
  i18n.lock(PSEUDO_LANGUAGES[0] ?? null);
  document.body.innerHTML = `<p>Save all</p><p>${t('save')}</p><p title="Close">Kabar Teluk</p>`;
  expect(untranslated(new Set(['Kabar Teluk']))).toEqual(['P: Save all', 'P title: Close']);
});

test('pseudo-messages keep their placeholders and grow by a third', () => {
  i18n.lock(PSEUDO_LANGUAGES[0] ?? null);
  expect(t('search.none', { query: 'gempa' })).toContain('gempa');
  for (const [key, message] of Object.entries(english.messages)) {
    const pseudo = PSEUDO_LANGUAGES[0]?.messages[key as keyof typeof english.messages];
    const text = (of: typeof message | undefined) =>
      typeof of === 'string' ? of : (of?.other ?? '');
    expect(text(pseudo).length, key).toBeGreaterThan(text(message).length * 1.3);
  }
});
