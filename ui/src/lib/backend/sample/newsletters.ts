// Mail accounts whose newsletters are feeds.

import type { Backend } from '../backend';
import type { MailAccount, MailSender } from '../bindings';
import { failure, type World } from './world';

function senders(): MailSender[] {
  const names = ['Kabar Pagi', 'Ekonomi Mingguan', 'Ruang Sains'];
  const newsletters = names.map((name, index) => ({
    key: `from:surat${index}@kabar.example`,
    name,
    address: `surat${index}@kabar.example`,
    messages: 12 - index,
    isNewsletter: true,
  }));
  const person = {
    key: 'from:budi@rumah.example',
    name: 'Budi',
    address: 'budi@rumah.example',
    messages: 3,
    isNewsletter: false,
  };
  return [...newsletters, person];
}

export function newsletters(world: World) {
  let accounts: MailAccount[] = [];
  return {
    guessMailServer: (address) => {
      const domain = address.split('@')[1];
      return Promise.resolve(
        domain
          ? {
              host: `imap.${domain}`,
              port: 993,
              security: 'tls',
              needsAppPassword: domain === 'gmail.com',
              isKnown: domain === 'gmail.com',
            }
          : null,
      );
    },
    tryMailbox: ({ password }) =>
      world.later(() => {
        if (password === 'salah') {
          throw Object.assign(failure('fetchFailed', 'wrong password'), {
            detail: 'wrongPassword',
          });
        }
        return { folders: ['INBOX', 'Buletin'], messages: 36, senders: senders() };
      }),
    addMailAccount: ({ host, port, security, user, folder }, chosen, _others, newSenders) => {
      const account: MailAccount = {
        id: `${user}/${folder}`,
        host,
        port,
        security,
        user,
        folder,
        newSenders,
        feeds: chosen.length,
        checkedAt: null,
        failure: null,
      };
      accounts = [...accounts.filter(({ id }) => id !== account.id), account];
      return Promise.resolve({ account, feeds: [], secrets: 'keyring' });
    },
    mailAccounts: () => Promise.resolve(accounts),
    removeMailAccount: (id) => {
      accounts = accounts.filter((account) => account.id !== id);
      return Promise.resolve();
    },
    newsletterSource: () => Promise.resolve(null),
  } satisfies Partial<Backend>;
}
