// English: newsletters by mail.

import type { Message } from '../language';

// One message a line:
// prettier-ignore
export const newsletters = {
  'mail.method': 'Newsletters',
  'mail.about': 'Warta reads one folder of your mailbox by IMAP. Each sender becomes a feed. Nothing is changed in the mailbox, and messages are not marked as read.',
  'mail.address': 'Mail address',
  'mail.password': 'Password',
  'mail.passwordHint': 'It is kept in the system’s keyring.',
  'mail.appPassword': 'This provider wants an app password, which you make in your account’s settings. It is kept in the system’s keyring.',
  'mail.host': 'IMAP server',
  'mail.hostGuessed': 'A guess from the address; your provider’s help pages name the server.',
  'mail.port': 'Port',
  'mail.user': 'User name',
  'mail.security': 'Encryption',
  'mail.security.tls': 'TLS',
  'mail.security.startTls': 'STARTTLS',
  'mail.security.none': 'None (this computer only)',
  'mail.try': 'Test',
  'mail.found': { one: 'Signed in: {count} sender found.', other: 'Signed in: {count} senders found.' },
  'mail.messages': { one: '{count} message', other: '{count} messages' },
  'mail.folder': 'Folder of the mailbox',
  'mail.senders': 'Senders that become feeds',
  'mail.newSenders': 'Also add senders that appear later',
  'mail.newSendersHint': 'Useful for a folder that holds only newsletters.',
  'mail.add': 'Add mailbox',
  'mail.addCount': { one: 'Add {count} newsletter', other: 'Add {count} newsletters' },
  'mail.folderOfFeeds': 'Newsletters',
  'mail.accounts': 'Mailboxes with newsletters',
  'mail.feeds': { one: '{count} feed', other: '{count} feeds' },
  'mail.notRead': 'not read yet',
  'mail.remove': 'Remove',
  'mail.removeOf': 'Remove the mailbox {user}; its feeds stay',
  'mail.from': 'Newsletter of {sender}, from the folder {folder} of {user}.',
  'mail.accountGone': 'Newsletter of {sender}. Its mailbox was removed, so nothing new arrives.',
  'mail.unsubscribe': 'Unsubscribe at the publisher …',
  'mail.unsubscribeHint': 'The publisher’s own link, which ends the mails themselves:',
} satisfies Record<string, Message>;
