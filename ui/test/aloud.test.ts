// Reading aloud: what is read, with which voice, and what happens from one passage to the next.

import { render, screen, waitFor } from '@testing-library/svelte';
import { afterEach, describe, expect, test, vi } from 'vitest';

import { Root } from './root';
import { SystemSpeaker, WebSpeaker, type Outcome, type Speech } from '../src/lib/aloud/speakers';
import { primary, voiceFor, voicesOf, type Voice } from '../src/lib/aloud/voices';
import { bodyPassages, elementPassage, speakable } from '../src/lib/article/passages';
import {
  DEFAULT_SETTINGS,
  type Backend,
  type SpeechEvent,
  type SpeechProblem,
} from '../src/lib/backend';
import { Aloud, type AloudText } from '../src/lib/state/aloud.svelte';
import { App } from '../src/lib/state/app.svelte';
import { accessible } from './accessible';
import { fixture, row, view } from './fixture';

const VOICES: Voice[] = [
  { id: 'e/Caribbean', name: 'Caribbean', language: 'en-029' },
  { id: 'e/Britain', name: 'Britain', language: 'en-GB' },
  { id: 'e/America', name: 'America', language: 'en-US' },
  { id: 'e/Indonesian', name: 'Indonesian', language: 'id' },
  { id: 'e/Mandarin', name: 'Mandarin', language: 'cmn' },
];

afterEach(() => document.body.replaceChildren());

describe('what is read', () => {
  const read = (html: string) => {
    document.body.innerHTML = html;
    return bodyPassages(document.body, 'id').map(({ text }) => text);
  };

  test('sentences, without code, tables, and what Warta adds', () => {
    const html =
      '<p><span data-added="">BANDUNG — </span>Satu <b>kapal</b>. Dua kapal!</p><p>* * *</p>' +
      '<pre>kode();</pre><ul><li>Tiga</li></ul><table><tr><td>4</td></tr></table><p>Lima.</p>';
    expect(read(html)).toEqual(['Satu kapal.', 'Dua kapal!', 'Tiga', 'Lima.']);
  });

  test('each passage knows its place', () => {
    document.body.innerHTML = '<p>Satu <b>kapal</b>. Dua kapal!</p>';
    const ranges = bodyPassages(document.body, 'id').map((one) => one.range()?.toString());
    expect(ranges).toEqual(['Satu kapal.', 'Dua kapal!']);
    const [headline] = elementPassage(document.querySelector('b'));
    expect(headline?.range()?.toString()).toBe('kapal');
    expect(elementPassage(null)).toEqual([]);
  });

  test('long sentences are split, and nothing of them is lost', () => {
    const long = `${'kata, '.repeat(300)}habis`;
    const parts = read(`<p>${long}</p>`);
    expect(parts.length).toBeGreaterThan(3);
    expect(parts.join(' ')).toBe(long);
    const unbroken = read(`<p>${'a'.repeat(1000)}</p>`);
    expect(unbroken.join('')).toBe('a'.repeat(1000));
    for (const part of [...parts, ...unbroken]) expect(part.length).toBeLessThanOrEqual(400);
  });

  test.each([
    ['Lihat https://www.kabar.example/2026/11?x=1 hari ini', 'Lihat kabar.example hari ini'],
    ['(http://kabar.example/a)', '(kabar.example)'],
    [' a \n b ', 'a b'],
    ['— * —', ''],
  ])('%j is spoken as %j', (text, spoken) => expect(speakable(text)).toBe(spoken));
});

describe('voices', () => {
  test.each([
    ['in_ID', 'id'],
    ['EN-us', 'en'],
    ['cmn', 'zh'],
    ['zh-Hant', 'zh'],
    ['bukan tag', ''],
    ['', ''],
  ])('the primary subtag of %j is %j', (tag, subtag) => expect(primary(tag)).toBe(subtag));

  test.each([
    ['id', undefined, 'e/Indonesian'],
    ['id-ID', undefined, 'e/Indonesian'],
    ['en', undefined, 'e/America'],
    ['en-GB', undefined, 'e/Britain'],
    ['en-GB', 'e/Caribbean', 'e/Caribbean'],
    ['en', 'e/Indonesian', 'e/America'],
    ['en', 'gone', 'e/America'],
    ['zh-CN', undefined, 'e/Mandarin'],
    ['ar', undefined, undefined],
    ['', undefined, undefined],
  ])('%s, with %s chosen, is read by %s', (language, chosen, id) =>
    expect(voiceFor(VOICES, language, chosen)?.id).toBe(id),
  );

  test('those of a language are offered', () =>
    expect(voicesOf(VOICES, 'en').map(({ name }) => name)).toEqual([
      'Caribbean',
      'Britain',
      'America',
    ]));
});

/** A speaker that the test ends by hand. */
class FakeSpeaker {
  said: Speech[] = [];
  stops = 0;
  found: readonly Voice[] | SpeechProblem = VOICES;
  #done: ((outcome: Outcome) => void) | null = null;

  voices = () => Promise.resolve(this.found);
  say = (speech: Speech, done: (outcome: Outcome) => void) => {
    this.said.push(speech);
    this.#done = done;
  };
  stop = () => {
    this.stops += 1;
    this.#done = null;
  };

  end(outcome: Outcome = 'ended'): void {
    const done = this.#done;
    this.#done = null;
    done?.(outcome);
  }

  get last(): string | undefined {
    return this.said.at(-1)?.text;
  }
}

const passages = (...texts: string[]) => texts.map((text) => ({ text, range: () => null }));
const textOf = (article: number, ...texts: string[]): AloudText => ({
  article,
  language: 'id',
  passages: () => passages(...texts),
});

async function reading(rows = [row(1), row(2)], speaker = new FakeSpeaker()) {
  const { backend } = fixture(rows);
  backend.setSettings = (settings) => Promise.resolve(settings);
  const app = new App(backend);
  await app.start();
  const aloud = new Aloud(app, [speaker]);
  app.navigation.go({ kind: 'place', place: { kind: 'all' } });
  await waitFor(() => expect(app.navigation.rows).toHaveLength(rows.length));
  await app.reader.open(1);
  aloud.show(textOf(1, 'Judul', 'Satu.', 'Dua.'));
  return { app, aloud, speaker };
}

async function started(...given: Parameters<typeof reading>) {
  const all = await reading(...given);
  all.aloud.toggle();
  await waitFor(() => expect(all.aloud.status).toBe('reading'));
  return all;
}

describe('from passage to passage', () => {
  test('all are read in their order, with voice and speed', async () => {
    const { app, aloud, speaker } = await started();
    await app.session.changeSettings({ aloudSpeed: 150, aloudNext: false });
    speaker.end();
    expect(aloud.at).toBe(1);
    speaker.end();
    expect(speaker.said.map(({ text }) => text)).toEqual(['Judul', 'Satu.', 'Dua.']);
    expect(speaker.said.at(-1)).toMatchObject({ language: 'id', speed: 150 });
    expect(speaker.said.at(-1)?.voice?.id).toBe('e/Indonesian');
    speaker.end();
    expect(aloud.status).toBe('off');
    expect(app.toasts.shown.at(-1)?.text).toBe('Artikel selesai dibacakan.');
  });

  test('a pause keeps the place, and the passage begins again', async () => {
    const { aloud, speaker } = await started();
    speaker.end();
    aloud.toggle();
    expect([aloud.status, speaker.stops > 0]).toEqual(['paused', true]);
    aloud.toggle();
    expect([aloud.status, speaker.last, aloud.at]).toEqual(['reading', 'Satu.', 1]);
  });

  test('steps go back and forth, also while paused', async () => {
    const { aloud, speaker } = await started();
    aloud.step(1);
    expect(speaker.last).toBe('Satu.');
    aloud.step(-1);
    aloud.step(-1);
    expect([speaker.last, aloud.at]).toEqual(['Judul', 0]);
    aloud.pause();
    const count = speaker.said.length;
    aloud.step(1);
    expect([aloud.at, speaker.said.length]).toEqual([1, count]);
    aloud.toggle();
    expect(speaker.last).toBe('Satu.');
  });

  test('the speed has steps and bounds, and is heard at once', async () => {
    const { app, aloud, speaker } = await started();
    aloud.changeSpeed(1);
    expect(speaker.said.at(-1)).toMatchObject({ text: 'Judul', speed: 125 });
    for (let turn = 0; turn < 20; turn += 1) aloud.changeSpeed(1);
    expect(app.session.settings.aloudSpeed).toBe(300);
    for (let turn = 0; turn < 20; turn += 1) aloud.changeSpeed(-1);
    expect(app.session.settings.aloudSpeed).toBe(50);
  });

  test('what another program stops is paused; what fails says so and can go on', async () => {
    const { aloud, speaker } = await started();
    speaker.end('interrupted');
    expect([aloud.status, aloud.problem]).toEqual(['paused', null]);
    aloud.toggle();
    speaker.end({ failed: 'failed' });
    expect([aloud.status, aloud.problem]).toEqual(['paused', 'failed']);
    aloud.toggle();
    expect([aloud.status, aloud.problem, speaker.last]).toEqual(['reading', null, 'Judul']);
  });

  test('a text that changes keeps the place', async () => {
    const { aloud, speaker } = await started();
    speaker.end();
    aloud.show(textOf(1, 'Judul', 'Baru.', 'Baru juga.', 'Satu.', 'Dua.'));
    expect(aloud.at).toBe(3);
    speaker.end();
    expect(speaker.last).toBe('Dua.');
    aloud.show(textOf(1, 'Judul'));
    expect(aloud.at).toBe(0);
  });
});

describe('from article to article', () => {
  test('the end leads to the next article, and says so', async () => {
    const { app, aloud, speaker } = await started();
    for (let turn = 0; turn < 3; turn += 1) speaker.end();
    await waitFor(() => expect(app.reader.openId).toBe(2));
    expect(aloud.status).toBe('starting');
    expect(app.toasts.shown.at(-1)?.text).toBe('Artikel berikutnya: Berita 2');
    aloud.follow(2);
    aloud.show(textOf(2, 'Judul dua'));
    await waitFor(() => expect(speaker.last).toBe('Judul dua'));
    speaker.end();
    await waitFor(() => expect(aloud.status).toBe('off'));
    expect(app.toasts.shown.at(-1)?.text).toBe('Itu artikel terakhir di daftar ini.');
  });

  test('another article that the reader opens stops it, as does closing', async () => {
    const { app, aloud, speaker } = await started();
    aloud.follow(1);
    expect(aloud.status).toBe('reading');
    aloud.follow(2);
    expect(aloud.status).toBe('off');
    speaker.end();
    expect(aloud.status).toBe('off');
    aloud.toggle();
    await waitFor(() => expect(aloud.status).toBe('reading'));
    app.reader.close();
    aloud.follow(null);
    expect(aloud.status).toBe('off');
  });

  test('stopping on the way stays stopped', async () => {
    const { app, aloud, speaker } = await started();
    const count = speaker.said.length;
    const going = aloud.nextArticle();
    aloud.stop();
    await going;
    expect(app.reader.openId).toBe(2);
    aloud.show(textOf(2, 'Judul dua'));
    await Promise.resolve();
    expect([aloud.status, speaker.said.length]).toEqual(['off', count]);
  });
});

describe('why nothing is read', () => {
  test.each<[SpeechProblem]>([['notInstalled'], ['noSynthesizer'], ['notLocal']])(
    'the speaker says %s',
    async (problem) => {
      const speaker = new FakeSpeaker();
      speaker.found = problem;
      const { aloud } = await reading([row(1)], speaker);
      aloud.toggle();
      await waitFor(() => expect(aloud.problem).toBe(problem));
      expect(aloud.status).toBe('off');
      speaker.found = VOICES;
      aloud.toggle();
      await waitFor(() => expect(aloud.status).toBe('reading'));
    },
  );

  test('no voice for the language, no text', async () => {
    const { aloud } = await reading();
    aloud.show({ ...textOf(1, 'Judul'), language: 'ar' });
    aloud.toggle();
    await waitFor(() => expect(aloud.problem).toBe('noVoice'));
    aloud.show(textOf(1));
    aloud.toggle();
    await waitFor(() => expect(aloud.problem).toBe('noText'));
  });

  test('the second speaker is used only where the system does not support the first', async () => {
    const { app } = await reading();
    const [system, web] = [new FakeSpeaker(), new FakeSpeaker()];
    system.found = 'unsupported';
    const aloud = new Aloud(app, [system, web]);
    expect(await aloud.loadVoices()).toBeNull();
    expect(aloud.voice('id')?.id).toBe('e/Indonesian');
    system.found = 'notInstalled';
    expect(await aloud.loadVoices()).toBe('notInstalled');
    expect(aloud.voice('id')).toBeNull();
    system.found = web.found = 'unsupported';
    expect(await aloud.loadVoices()).toBe('unsupported');
  });
});

describe('the system’s speaker', () => {
  function system(change: Partial<Backend> = {}) {
    let emit: (event: SpeechEvent) => void = () => undefined;
    const calls: string[] = [];
    const { backend } = fixture([row(1)], {
      systemVoices: () =>
        Promise.resolve({
          problem: null,
          voices: [{ module: 'espeak-ng', name: 'Indonesian', language: 'id' }],
        }),
      speak: ({ id, text, voice }) => {
        calls.push(`${id} ${text} ${voice?.module ?? '-'}`);
        return Promise.resolve();
      },
      stopSpeaking: () => {
        calls.push('stop');
        return Promise.resolve();
      },
      listenToSpeech: (listener) => {
        emit = listener;
        return Promise.resolve(() => undefined);
      },
      ...change,
    });
    return {
      speaker: new SystemSpeaker(backend),
      calls,
      emit: (event: SpeechEvent) => emit(event),
    };
  }
  const speech = (text: string): Speech => ({ text, language: 'id', voice: null, speed: 100 });

  test('calls in order, and reports each end once', async () => {
    const { speaker, calls, emit } = system();
    const voices = await speaker.voices();
    expect(voices).toEqual([{ id: 'espeak-ng/Indonesian', name: 'Indonesian', language: 'id' }]);
    const done = vi.fn();
    const voice = typeof voices === 'string' ? null : (voices[0] ?? null);
    speaker.say({ ...speech('satu'), voice }, done);
    await waitFor(() => expect(calls).toEqual(['1 satu espeak-ng']));
    emit({ id: 7, outcome: 'ended' });
    expect(done).not.toHaveBeenCalled();
    emit({ id: 1, outcome: 'ended' });
    emit({ id: 1, outcome: 'ended' });
    expect(done).toHaveBeenCalledExactlyOnceWith('ended');
    speaker.stop();
    const [second, third] = [vi.fn(), vi.fn()];
    speaker.say(speech('dua'), second);
    speaker.stop();
    speaker.say(speech('tiga'), third);
    await waitFor(() => expect(calls.at(-1)).toBe('3 tiga -'));
    expect(calls).toEqual(['1 satu espeak-ng', 'stop', '3 tiga -']);
    emit({ id: 3, outcome: { failed: 'failed' } });
    expect(second).not.toHaveBeenCalled();
    expect(third).toHaveBeenCalledExactlyOnceWith({ failed: 'failed' });
  });

  test('reports a call that fails', async () => {
    const { speaker } = system({
      speak: () => Promise.reject(new Error('x')),
      systemVoices: () => Promise.reject(new Error('x')),
    });
    expect(await speaker.voices()).toBe('failed');
    const done = vi.fn();
    speaker.say(speech('satu'), done);
    await waitFor(() => expect(done).toHaveBeenCalledWith({ failed: 'failed' }));
  });
});

test('a web view without voices says so', async () => {
  expect(await new WebSpeaker(null).voices()).toBe('unsupported');
});

test('the bar shows the place and the speed, and its buttons act', async () => {
  const { backend } = fixture([row(1)], {
    article: () => Promise.resolve(view(row(1), { html: '<p>Satu. Dua.</p>' })),
    setSettings: (settings) => Promise.resolve(settings),
  });
  const app = new App(backend);
  const { container } = render(Root, { app });
  await app.start();
  app.navigation.go({ kind: 'place', place: { kind: 'all' } });
  await app.reader.open(1);
  (await screen.findByTestId('read-aloud')).click();
  // Headline, publisher, two sentences.
  await waitFor(() => expect(screen.getByTestId('aloud-place')).toHaveTextContent('1 dari 4'));
  screen.getByTestId('aloud-forward').click();
  await waitFor(() => expect(screen.getByTestId('aloud-place')).toHaveTextContent('2 dari 4'));
  screen.getByTestId('aloud-faster').click();
  await waitFor(() => expect(screen.getByTestId('aloud-speed')).toHaveTextContent('1,25×'));
  expect(DEFAULT_SETTINGS.aloudSpeed).toBe(100);
  await accessible(container);
  app.player.current = {
    article: 1,
    url: 'u',
    src: 's',
    bytes: 1,
    title: 't',
    publisher: 'p',
    language: null,
  };
  app.player.paused = false;
  await waitFor(() => expect(app.aloud.status).toBe('paused'));
  screen.getByTestId('aloud-stop').click();
  await waitFor(() => expect(screen.queryByTestId('aloud-bar')).toBeNull());
});
