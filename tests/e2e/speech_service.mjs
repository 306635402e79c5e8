// Two speech services for tests: a stand-in for Speech Dispatcher, which records what it is asked to say and
// ends it when the test says so, and the real one, without sound.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { until } from './harness.mjs';

const VOICES = ['Afrikaans\taf\tnone', 'English (America)\ten-US\tnone', 'English (Great Britain)\ten-GB\tnone', 'Indonesian\tid\tnone', 'Indonesian+Adam\tid\tAdam', 'Arabic\tar\tnone'];

/** Listens on a Unix socket until `stop()`. */
export async function startStandIn(socketPath) {
  const service = {
    /** Every text, with the settings that it was said with. */
    said: [],
    cancels: 0,
    connections: 0,
    /** Ends the text that is being said. */
    end: () => service.tell('702', 'END'),
    /** Cancels it, as another program may. */
    interrupt: () => service.tell('703', 'CANCELED'),
    tell: (code, name) => {
      if (!service.current) throw new Error('nothing is being said');
      const { socket, number } = service.current;
      service.current = null;
      socket.write(`${code}-${number}\r\n${code}-1\r\n${code} ${name}\r\n`);
    },
    current: null,
    stop: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => {
          rmSync(socketPath, { force: true });
          resolve();
        });
      }),
  };
  const sockets = new Set();
  let number = 0;
  const server = createServer((socket) => {
    sockets.add(socket);
    service.connections += 1;
    socket.on('error', () => {});
    socket.on('close', () => {
      sockets.delete(socket);
      service.connections -= 1;
    });
    const settings = {};
    let rest = '';
    let text = null;
    const reply = (...lines) => socket.write(lines.map((line) => `${line}\r\n`).join(''));
    const take = (line) => {
      if (text !== null) {
        if (line !== '.') {
          text.push(line.startsWith('.') ? line.slice(1) : line);
          return;
        }
        number += 1;
        service.current = { socket, number };
        service.said.push({ text: text.join('\n'), ...settings });
        text = null;
        reply(`225-${number}`, '225 OK MESSAGE QUEUED', `701-${number}`, '701-1', '701 BEGIN');
        return;
      }
      const [verb, what, name, ...value] = line.split(' ');
      if (verb === 'SET') {
        settings[name] = value.join(' ');
        reply('203 OK SET');
      } else if (verb === 'SPEAK') {
        text = [];
        reply('230 OK RECEIVING DATA');
      } else if (verb === 'CANCEL') {
        service.cancels += 1;
        reply('213 OK CANCELED');
        if (service.current?.socket === socket) service.interrupt();
      } else if (verb === 'LIST' && what === 'OUTPUT_MODULES') reply('250-espeak-ng', '250 OK MODULE LIST SENT');
      else if (verb === 'LIST') reply(...VOICES.map((voice) => `249-${voice}`), '249 OK VOICE LIST SENT');
      else if (verb === 'GET') reply('251-espeak-ng', '251 OK GET RETURNED');
      else reply('500 ERR INVALID COMMAND');
    };
    socket.setEncoding('utf8');
    socket.on('data', (chunk) => {
      const lines = (rest + chunk).split('\r\n');
      rest = lines.pop();
      lines.forEach(take);
    });
  });
  mkdirSync(dirname(socketPath), { recursive: true });
  await new Promise((resolve, reject) => {
    server.on('error', reject);
    server.listen(socketPath, resolve);
  });
  return service;
}

/** Speech Dispatcher with espeak-ng, whose sound goes nowhere, in a folder of its own. */
export async function startSpeechDispatcher(folder) {
  const config = join(folder, 'config');
  const socket = join(folder, 'speechd.sock');
  mkdirSync(join(config, 'modules'), { recursive: true });
  // libao's null driver takes the sound as fast as it comes.
  writeFileSync(join(folder, '.libao'), 'default_driver=null\n');
  const lines = ['LogLevel 4', 'LogDir "stdout"', 'AudioOutputMethod "libao"', 'AddModule "espeak-ng" "sd_espeak-ng" "espeak-ng.conf"', 'DefaultModule espeak-ng'];
  writeFileSync(join(config, 'speechd.conf'), `${lines.join('\n')}\n`);
  copyFileSync('/etc/speech-dispatcher/modules/espeak-ng.conf', join(config, 'modules', 'espeak-ng.conf'));
  const args = ['--run-single', '--config-dir', config, '--socket-path', socket, '--pid-file', join(folder, 'pid'), '--timeout', '0'];
  const child = spawn('speech-dispatcher', args, { env: { ...process.env, HOME: folder, XDG_CACHE_HOME: join(folder, 'cache') }, stdio: 'ignore' });
  process.on('exit', () => child.kill('SIGKILL'));
  await until('Speech Dispatcher listens', () => existsSync(socket));
  const ended = once(child, 'exit');
  return {
    socket,
    stop: () => {
      child.kill();
      return ended;
    },
  };
}
