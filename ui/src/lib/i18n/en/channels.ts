// English: channels of large platforms, and the search for podcasts.

import type { Message } from '../language';

// One message a line:
// prettier-ignore
export const channels = {
  'add.withoutShorts': 'Without Shorts',
  'channel.reddit': 'Reddit refuses or limits requests at the moment. Try again in a few minutes; if you use a VPN, try without it.',
  'channel.spotify': 'Spotify publishes no feeds. Type the podcast’s name here to look for it in Apple’s directory.',
  'channel.telegram': 'Telegram shows no public preview of this. Only public channels can be read without an account, not groups, users and private channels.',
  'channel.youtubeConsent': 'YouTube asks for cookie consent before it shows this page. Open the channel in a browser, copy its channel ID under “Share channel”, and paste youtube.com/channel/ followed by the ID.',
  'podcasts.found': { one: '{count} podcast found for “{words}”', other: '{count} podcasts found for “{words}”' },
  'podcasts.list': 'Podcasts from Apple’s directory',
  'podcasts.newest': 'newest episode {date}',
  'podcasts.none': 'Apple’s directory has no podcast with a feed for “{words}”.',
  'podcasts.note': 'Sends the words “{words}” to Apple, only when you press the button.',
  'podcasts.search': 'Search podcasts at Apple',
  'podcasts.searching': 'Searching Apple’s podcast directory …',
  'podcasts.wrong': 'Apple’s podcast directory could not be searched. {problem}',
} satisfies Record<string, Message>;
