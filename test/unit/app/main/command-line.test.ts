/** The command line between Chromium's own switches. */
import { describe, expect, it } from 'vitest';
import { readCommandLine } from '../../../../app/main/command-line.ts';

const read = (words: readonly string[]) => readCommandLine(words, '/home/ada');

it.each([
  [[], undefined, false],
  [['--data', '/p/one'], '/p/one', false],
  [['--data=/p/one', '--loopback'], '/p/one', true],
  [['--no-sandbox', '/src', '--data', 'one', '--inspect=0', '--loopback'], '/home/ada/one', true],
  [['--data', '/p/one', '--data', '/p/two'], '/p/two', false],
  [['--data'], undefined, false],
  [['--data', '--loopback'], undefined, true],
  [['--data='], undefined, false],
])('%j starts with its profile', (words, dataDir, loopback) => {
  expect(read(words)).toEqual({
    dataDir,
    loopback,
    autoAnswer: false,
    inBackground: false,
    sipPort: undefined,
    steering: undefined,
    link: undefined,
    json: false,
    wrong: undefined,
  });
});

it.each([
  [['tel:+420221000007'], 'tel:+420221000007', undefined],
  [['--no-sandbox', '/src', '--data=one', 'SIP:1002@office.example'], 'SIP:1002@office.example', '/home/ada/one'],
  // Whoever wrote a link does not choose a profile, nor anything else.
  [['tel:1002', '--data', '/p/two', '--auto-answer'], 'tel:1002', undefined],
  [['--data', 'one', 'tel:1002', 'sip:1003@office.example'], 'tel:1002', '/home/ada/one'],
])('%j opens a link', (words, link, dataDir) => {
  expect(read(words)).toMatchObject({ link, dataDir, autoAnswer: false, steering: undefined, wrong: undefined });
});

it('knows the address that is to be called from a link', () => {
  expect(read(['--call', 'sip:1002@office.example'])).toMatchObject({ link: undefined, steering: { do: 'call' } });
});

it('starts in the background', () => {
  expect(read(['--in-background'])).toMatchObject({ inBackground: true, wrong: undefined });
});

it('starts to answer by itself, on a port', () => {
  expect(read(['--auto-answer', '--sip-port', '5070', '--data=one'])).toMatchObject({
    autoAnswer: true,
    sipPort: 5070,
    dataDir: '/home/ada/one',
    steering: undefined,
    wrong: undefined,
  });
});

describe('for the phone that runs', () => {
  it.each([
    [['--state', '--json'], { do: 'state' }],
    [
      ['--call', 'sip:1002@office.example;transport=tcp'],
      { do: 'call', target: 'sip:1002@office.example;transport=tcp' },
    ],
    [['--call=sip:a@b;x=y'], { do: 'call', target: 'sip:a@b;x=y' }],
    [['--call', '1002', '--account', '1001'], { do: 'call', target: '1002', account: '1001' }],
    [['--answer'], { do: 'answer' }],
    [['--answer', '--call-id', '4f'], { do: 'answer', callId: '4f' }],
    [['--hangup'], { do: 'hangup' }],
    [['--hold'], { do: 'hold' }],
    [['--resume'], { do: 'resume' }],
    [['--mute'], { do: 'mute' }],
    [['--unmute'], { do: 'unmute' }],
    [['--transfer', '1003', '--call-id=4f'], { do: 'transfer', target: '1003', callId: '4f' }],
    [['--dtmf', '*12#'], { do: 'dtmf', digits: '*12#' }],
  ])('%j', (words, steering) => {
    expect(read([...words, '--data', '/p'])).toMatchObject({
      steering,
      wrong: undefined,
      json: words.includes('--json'),
    });
  });
});

it.each([
  [['--call'], 'The option --call needs a value: --call URI.'],
  [['--call', '--json'], 'The option --call needs a value: --call URI.'],
  [['--dtmf='], 'The option --dtmf needs a value: --dtmf DIGITS.'],
  [['--hold', '--mute'], 'One thing at a time: --hold and --mute cannot be done together.'],
  [['--json'], 'The option --json needs something to do, such as --state.'],
  [['--call-id', '4f'], 'The option --call-id needs something to do, such as --state.'],
  [['--sip-port', 'x'], 'The option --sip-port needs a number from 1 to 65535.'],
  [['--sip-port', '70000'], 'The option --sip-port needs a number from 1 to 65535.'],
  [['--sip-port'], 'The option --sip-port needs a number from 1 to 65535.'],
])('%j is refused', (words, wrong) => {
  expect(read(words).wrong).toBe(wrong);
});
