import { expect, test, vi } from 'vitest';

import type { Backend, MailSender, MailTrial } from '../src/lib/backend';
import { Mailbox } from '../src/lib/newsletters/mailbox.svelte';

const sender = (key: string, isNewsletter: boolean): MailSender => ({
  key,
  name: key,
  address: '',
  messages: 1,
  isNewsletter,
});

const found: MailTrial = {
  folders: ['INBOX', 'Buletin'],
  messages: 3,
  senders: [sender('list:a', true), sender('from:b', false)],
};

const guess = {
  host: 'imap.kabar.example',
  port: 993,
  security: 'tls' as const,
  needsAppPassword: false,
  isKnown: false,
};

function mailbox(backend: Partial<Backend>) {
  return new Mailbox({ guessMailServer: () => Promise.resolve(guess), ...backend } as Backend);
}

async function filled(backend: Partial<Backend>) {
  const box = mailbox(backend);
  box.address = 'ani@kabar.example';
  await box.suggest();
  box.password = 'rahasia';
  return box;
}

test('the server is filled in by the address, and what was typed stays', async () => {
  const box = await filled({});
  expect([box.host, box.port, box.user]).toEqual([
    'imap.kabar.example',
    '993',
    'ani@kabar.example',
  ]);
  box.host = 'surat.kabar.example';
  box.address = 'budi@kabar.example';
  await box.suggest();
  expect([box.host, box.user]).toEqual(['surat.kabar.example', 'budi@kabar.example']);
});

test('the port follows the encryption unless it was typed', () => {
  const box = mailbox({});
  box.secure('startTls');
  expect(box.port).toBe('143');
  box.port = '1143';
  box.secure('tls');
  expect(box.port).toBe('1143');
});

test('newsletters are chosen at first, and only what was tested is added', async () => {
  const tryMailbox = vi.fn<Backend['tryMailbox']>(() => Promise.resolve(found));
  const addMailAccount = vi.fn<Backend['addMailAccount']>(() => Promise.reject(new Error('x')));
  const box = await filled({ tryMailbox, addMailAccount });
  expect(box.mayTry).toBe(true);
  await box.try();
  expect([...box.chosen]).toEqual(['list:a']);
  expect(box.newSenders, 'other mail arrives in an inbox').toBe(false);
  await box.open('Buletin');
  expect(tryMailbox.mock.lastCall?.[0].folder).toBe('Buletin');
  expect(box.newSenders).toBe(true);
  await box.add('Buletin');
  const [setup, chosen, others] = addMailAccount.mock.lastCall ?? [];
  expect(setup?.password).toBe('rahasia');
  expect(chosen?.map(({ key }) => key)).toEqual(['list:a']);
  expect(others?.map(({ key }) => key)).toEqual(['from:b']);
  box.password = 'lain';
  expect(box.isTried, 'the form was changed since').toBe(false);
  await box.add('Buletin');
  expect(addMailAccount).toHaveBeenCalledTimes(1);
});

test('a refused password is said in words', async () => {
  const refusal = { code: 'fetchFailed', message: 'refused', detail: 'wrongPassword' };
  const box = await filled({
    tryMailbox: () => Promise.reject(Object.assign(new Error('refused'), refusal)),
  });
  await box.try();
  expect(box.work.problem).toMatch(/password|kata sandi/i);
  expect(box.trial).toBeNull();
});
