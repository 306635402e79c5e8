// English: older articles from publishers' archives.

import type { Message } from '../language';

// One message a line:
// prettier-ignore
export const older = {
  'older.title': 'Older articles',
  'older.amount.none': 'None',
  'older.amount.100': '100',
  'older.amount.500': '500',
  'older.amount.all': 'All, up to 5,000',
  'older.amount.since': 'Since a day',
  'older.end.budget': 'The data limit was reached.',
  'older.end.elsewhere': 'The archive goes on at another publisher’s address.',
  'older.end.endless': 'The archive has too many pages.',
  'older.end.failed': 'A fetch failed.',
  'older.end.forward': 'The archive has only newer articles.',
  'older.end.noArchive': 'The publisher offers no archive.',
  'older.end.number': 'There may be more.',
  'older.end.oldest': 'The archive has no older ones.',
  'older.end.refused': 'The publisher doesn’t allow fetching its archive.',
  'older.end.repeats': 'The archive repeats itself.',
  'older.end.retention': 'Your limits for keeping articles would remove older ones.',
  'older.end.since': 'There are none since that day any more.',
  'older.end.stopped': 'Stopped.',
  'older.fetch': 'Fetch older articles',
  'older.hint': 'From the publisher’s archive, if it offers one. They arrive as read and aren’t announced.',
  'older.keptSince': 'Your limits keep articles since {day}; older ones are not fetched.',
  'older.megabytes': 'Data limit',
  'older.metered': 'This connection is metered.',
  'older.more': 'Fetch more',
  'older.overBudget': 'Your monthly data limit is used up.',
  'older.room': { one: 'Your limits keep {count} more article of this feed.', other: 'Your limits keep {count} more articles of this feed.' },
  'older.running': 'Fetching older articles …',
  'older.since': 'Since',
  'older.span': '{count} from {from} to {to}',
  'older.stop': 'Stop',
  'older.texts': { one: '{count} full text', other: '{count} full texts' },
  'older.unread': 'Let them arrive as unread',
  'older.waiting': 'Waiting for the network.',
} satisfies Record<string, Message>;
