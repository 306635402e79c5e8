// English: feed health.

import type { Message } from '../language';

// One message a line:
// prettier-ignore
export const health = {
  'activity.health': 'Feed health…',
  'health.title': 'Feed health',
  'health.intro': 'Feeds that have stopped publishing, fail, publish too much, aren’t read or duplicate another feed. Choose feeds to unsubscribe from, fetch less or mute.',
  'health.fine': 'All feeds are well',
  'health.fineText': 'No feed has a problem.',
  'health.ended': 'Discontinued by its publisher; noticed {when}.',
  'health.failing': { one: '{reason} {count} failure in a row; last worked {when}.', other: '{reason} {count} failures in a row; last worked {when}.' },
  'health.neverWorked': { one: '{reason} {count} failure in a row; it has never worked.', other: '{reason} {count} failures in a row; it has never worked.' },
  'health.silent': 'Newest article {when}; usually one every {usual}.',
  'health.silentOnly': 'Newest article {when}.',
  'health.emptyFeed': 'No article since you subscribed {when}.',
  'health.flood': { one: '{count} article a day.', other: '{count} articles a day.' },
  'health.neverRead': { one: '{count} article in 30 days, and you didn’t read it.', other: '{count} articles in 30 days, and you read none.' },
  'health.duplicate': '{percent} of its articles are also in {other}.',
  'health.kindEnded': 'Discontinued',
  'health.kindFailing': 'Failing',
  'health.kindSilent': 'Silent',
  'health.kindEmpty': 'Empty',
  'health.kindFlood': 'Flood',
  'health.kindNeverRead': 'Not read',
  'health.kindDuplicate': 'Duplicate',
  'health.keepsSaved': { one: '{count} saved article goes with it', other: '{count} saved articles go with it' },
  'health.kinds': 'What to show',
  'health.kindAll': 'All',
  'health.actions': 'What to do with the chosen feeds',
  'health.fetchLess': 'Fetch once a day',
  'health.fetchedLess': { one: '{count} feed is fetched once a day', other: '{count} feeds are fetched once a day' },
  'health.mute': 'Mute',
  'health.muted': { one: 'New articles of {count} feed are muted', other: 'New articles of {count} feeds are muted' },
  'health.muteRule': { one: '{count} muted feed', other: '{count} muted feeds' },
  'health.choose': 'Choose {name}',
  'health.chooseAll': 'Choose all',
  'health.unsubscribe': { one: 'Unsubscribe from {count} feed', other: 'Unsubscribe from {count} feeds' },
  'health.unsubscribeNone': 'Unsubscribe',
  'health.removed': { one: 'Unsubscribed from {count} feed', other: 'Unsubscribed from {count} feeds' },
} satisfies Record<string, Message>;
