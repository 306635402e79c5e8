// Links that are the preview picture of a video become a card: the picture, a play sign, and where
// the video is.

import { t } from '../i18n/i18n.svelte';

const PLAYERS = [
  'youtube.com',
  'youtu.be',
  'vimeo.com',
  'dailymotion.com',
  'dai.ly',
  'tiktok.com',
  'twitch.tv',
  'rumble.com',
  'vidio.com',
  'bilibili.com',
];

export function prepareVideos(body: HTMLElement): void {
  for (const link of body.querySelectorAll<HTMLAnchorElement>('a[href]')) {
    const host = hostOf(link.getAttribute('href') ?? '');
    const picture = link.querySelector('img');
    const isVideo = PLAYERS.some((player) => host === player || host.endsWith(`.${player}`));
    if (!picture || !isVideo || link.textContent.trim() !== '') continue;
    link.classList.add('video');
    const play = document.createElement('span');
    play.className = 'play';
    play.setAttribute('aria-hidden', 'true');
    const watch = document.createElement('span');
    watch.className = 'watch';
    watch.lang = document.documentElement.lang;
    watch.dir = document.documentElement.dir;
    watch.textContent = t('article.watchOn', { site: host });
    link.append(play, watch);
  }
}

function hostOf(address: string): string {
  try {
    return new URL(address).hostname.replace(/^www\./, '');
  } catch {
    return '';
  }
}
