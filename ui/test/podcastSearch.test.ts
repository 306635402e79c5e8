// The search for podcasts: what may be searched for, that nothing is sent unasked, and its results.

import { expect, test, vi } from 'vitest';

import type { Backend, FoundPodcast } from '../src/lib/backend';
import { Adding } from '../src/lib/firstrun/adding.svelte';
import { describePodcast } from '../src/lib/firstrun/foundFeeds';
import { podcastWords } from '../src/lib/firstrun/podcastSearch.svelte';
import { i18n } from '../src/lib/i18n/i18n.svelte';
import { failureText } from '../src/lib/state/failures';

const podcast: FoundPodcast = {
  url: 'https://siniar.example/umpan.xml',
  title: 'Obrolan Laut',
  author: 'Radio Pesisir',
  site: 'https://siniar.example/',
  newest: 1_777_827_600,
  episodes: 41,
  already: false,
};

function adding(parts: Partial<Backend>) {
  return new Adding(parts as Backend, vi.fn());
}

test.each([
  ['obrolan laut', 'obrolan laut'],
  ['  sains ', 'sains'],
  ['a', ''],
  ['', ''],
  ['kabar.example', ''],
  ['https://kabar.example/', ''],
  ['@kabar', ''],
  ['r/indonesia', ''],
  ['tg://resolve?domain=a', ''],
  ['Radio: berita', 'Radio: berita'],
])('%s is searched as “%s”', (typed, words) => {
  expect(podcastWords(typed)).toBe(words);
});

test('typing and looking for feeds search no podcasts', async () => {
  const searchPodcasts = vi.fn();
  const discover = vi.fn().mockRejectedValue({ code: 'badAddress', message: '', detail: '' });
  const state = adding({ searchPodcasts, discover });
  state.address = 'obrolan laut';
  await state.find();
  expect(searchPodcasts).not.toHaveBeenCalled();
});

test('a podcast that was found is subscribed to', async () => {
  const searchPodcasts = vi.fn().mockResolvedValue([podcast]);
  const subscribe = vi.fn().mockResolvedValue({ added: [1], already: [], secrets: 'none' });
  const state = adding({ searchPodcasts, subscribe });
  await state.podcasts.search('obrolan laut');
  expect(searchPodcasts).toHaveBeenCalledExactlyOnceWith('obrolan laut');
  expect(state.chosen.size).toBe(0);
  state.toggle(podcast.url);
  await state.subscribe();
  const { url, title, site } = podcast;
  expect(subscribe).toHaveBeenCalledExactlyOnceWith([{ url, title, site, folder: [], page: null }]);
});

test('a failed search says why, and can be tried again', async () => {
  const searchPodcasts = vi
    .fn()
    .mockRejectedValueOnce({ code: 'offline', message: '', detail: '' })
    .mockResolvedValue([]);
  const { podcasts } = adding({ searchPodcasts });
  await podcasts.search('obrolan');
  expect(podcasts.wrong).toBe(failureText({ code: 'offline', message: '', detail: '' }));
  await podcasts.search('obrolan');
  expect([podcasts.wrong, podcasts.found.length, podcasts.searching]).toEqual(['', 0, false]);
});

test('a podcast is described by its author, newest episode and host', () => {
  i18n.setLanguage('en');
  expect(describePodcast(podcast)).toBe(
    'Radio Pesisir · newest episode 3 May 2026 · siniar.example',
  );
  expect(describePodcast({ ...podcast, author: '', newest: null, already: true })).toBe(
    'already subscribed · siniar.example',
  );
});

test('a channel that is not given out is explained', () => {
  i18n.setLanguage('en');
  const said = (detail: string) => failureText({ code: 'closedChannel', message: 'x', detail });
  expect(said('telegram')).toContain('public preview');
  expect(said('spotify')).toContain('Spotify');
  expect(said('youtubeConsent')).toContain('consent');
  expect(said('reddit')).toContain('Reddit');
  expect(said('lain')).toBe('The platform does not give this channel out.');
});
