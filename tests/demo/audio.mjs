// The demo episode: a few notes as a WAV file (8 kHz, 8 bits, mono).

const RATE = 8000;
/** Hertz, a note each half second. */
const NOTES = [392, 494, 587, 784, 587, 494];

/** The first `seconds` of it. */
export function drawAudio(seconds) {
  const length = Math.round(seconds * RATE);
  const file = Buffer.alloc(44 + length);
  file.write('RIFF', 0, 'latin1');
  file.writeUInt32LE(36 + length, 4);
  file.write('WAVEfmt ', 8, 'latin1');
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(1, 20); // PCM
  file.writeUInt16LE(1, 22); // channels
  file.writeUInt32LE(RATE, 24);
  file.writeUInt32LE(RATE, 28); // bytes a second
  file.writeUInt16LE(1, 32); // bytes a frame
  file.writeUInt16LE(8, 34); // bits
  file.write('data', 36, 'latin1');
  file.writeUInt32LE(length, 40);
  for (let at = 0; at < length; at++) {
    const inNote = (at / RATE) % 0.5;
    const note = NOTES[Math.floor(at / RATE / 0.5) % NOTES.length];
    file[44 + at] = 128 + Math.round(70 * Math.exp(-5 * inNote) * Math.sin((2 * Math.PI * note * at) / RATE));
  }
  return file;
}
