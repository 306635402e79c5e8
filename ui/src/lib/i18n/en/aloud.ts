// English: reading aloud.

import type { Message } from '../language';

// One message a line:
// prettier-ignore
export const aloud = {
  'aloud.start': 'Read aloud',
  'aloud.pause': 'Pause reading aloud',
  'aloud.resume': 'Continue reading aloud',
  'aloud.stop': 'Stop reading aloud',
  'aloud.label': 'Reading aloud',
  'aloud.back': 'Previous sentence',
  'aloud.forward': 'Next sentence',
  'aloud.place': '{at} of {count}',
  'aloud.starting': 'Starting…',
  'aloud.speed': 'Speed',
  'aloud.slower': 'Slower',
  'aloud.faster': 'Faster',
  'aloud.goOn': 'Go on to the next article',
  'aloud.next': 'Read the next article aloud',
  'aloud.goesOn': 'Next article: {title}',
  'aloud.ended': 'The article was read to its end.',
  'aloud.listEnded': 'That was the last article of this list.',
  'aloud.chooseVoices': 'Choose voices…',
  'aloud.voiceOf': 'Voice for {language}',
  'aloud.voiceUsual': 'Automatic',
  'aloud.otherLanguage': 'Another language',
  'aloud.chooseLanguage': 'Choose a language',
  'aloud.try': 'Listen',
  'aloud.problem.notInstalled': 'Reading aloud needs Speech Dispatcher and a voice, which are not installed. On Debian and Ubuntu: sudo apt install speech-dispatcher speech-dispatcher-espeak-ng',
  'aloud.problem.notStarted': 'Speech Dispatcher is installed but does not start.',
  'aloud.problem.noSynthesizer': 'Speech Dispatcher has no voices. On Debian and Ubuntu: sudo apt install speech-dispatcher-espeak-ng',
  'aloud.problem.notLocal': 'SPEECHD_ADDRESS names another computer. Warta only uses the speech service of this computer.',
  'aloud.problem.failed': 'The speech service has stopped. Press play to try again.',
  'aloud.problem.unsupported': 'This system has no voices.',
  'aloud.problem.noVoice': 'There is no voice for this language: {language}.',
  'aloud.problem.noText': 'This article has no text to read.',
} satisfies Record<string, Message>;
