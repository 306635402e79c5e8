// English: what was found at an address, the catalogue, finding the original report, and what was trending.

import type { Message } from '../language';
import { catalogue } from './catalogue';

// One message a line:
// prettier-ignore
export const discovering = {
  ...catalogue,
  'add.newsSitemap': 'News sitemap: titles and dates, texts from the articles’ pages',
  'add.sitemap': 'Sitemap: pages that changed lately, titles made from their addresses',
  'original.title': 'Find the original',
  'original.closest': 'Closest',
  'original.earliest': 'Earliest',
  'original.find': 'Find',
  'original.hint': 'Paste a message you received, for example on WhatsApp. Warta searches the articles stored on this computer.',
  'original.label': 'Text or link',
  'original.nothingText': 'This doesn’t mean it is untrue, only that your feeds don’t have it.',
  'original.others': 'Other reports',
  'original.story': 'See the whole story',
  'original.sure.likely': 'Very likely the same event',
  'original.sure.nothing': 'No similar article found',
  'original.sure.perhaps': 'Possibly the same event; check for yourself',
  'original.sure.sameLink': 'The same link',
  'original.sure.sameText': 'The same text, word for word',
  'past.day': 'By day',
  'past.earlier': 'Earlier',
  'past.empty': 'No history yet',
  'past.emptyText': 'While Warta runs it records what is trending each day, so that you can look it up here.',
  'past.gone': 'Its articles are no longer stored.',
  'past.later': 'Later',
  'past.now.day': 'Trending · today',
  'past.now.week': 'Trending · this week',
  'past.week': 'By week',
  'past.weekOf': '{from} – {to}',
} satisfies Record<string, Message>;
