import type { FeedPlace } from '../backend';

/** Whether a feed has the newsletters of a sender; such a feed has an address of Warta's own. */
export function isNewsletter(feed: Pick<FeedPlace, 'url'>): boolean {
  return feed.url.startsWith('warta:newsletters/');
}
