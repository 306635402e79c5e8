import type { FeedChange } from '../backend';

/** A `FeedChange` that changes nothing. */
export const UNCHANGED: FeedChange = {
  customTitle: null,
  folder: null,
  paused: null,
  userAgent: null,
  everyMinutes: null,
  keepDays: null,
  keepArticles: null,
  trusted: null,
  login: null,
  headers: null,
  ownNetwork: null,
  fullText: null,
  page: null,
};
