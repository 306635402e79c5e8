import type { Rule } from '../backend';

/** A new rule without conditions and actions. */
export const EMPTY_RULE: Rule = {
  id: 0,
  name: '',
  off: false,
  words: [],
  pattern: null,
  titleOnly: false,
  feeds: [],
  authors: [],
  mute: false,
  markRead: false,
  save: false,
  notify: false,
  tag: null,
  endsAt: null,
  madeAt: 0,
};
