import { expect, test } from 'vitest';
import { readText } from '../../../../../../../app/renderer/features/office/ladder/read-text.ts';

test('takes a message apart, with short names made long and folded lines made one', () => {
  const read = readText(
    'INVITE sip:1002@office.example SIP/2.0\nv: SIP/2.0/UDP 192.0.2.7\ni: a1\nSubject: one\n  and two\nX-Odd : 1\nc: Application/SDP; x=y\n\nv=0\ns=-\n',
  );
  expect(read).toEqual({
    start: 'INVITE sip:1002@office.example SIP/2.0',
    fields: [
      { name: 'Via', value: 'SIP/2.0/UDP 192.0.2.7' },
      { name: 'Call-ID', value: 'a1' },
      { name: 'Subject', value: 'one and two' },
      { name: 'X-Odd', value: '1' },
      { name: 'Content-Type', value: 'Application/SDP; x=y' },
    ],
    body: ['v=0', 's=-'],
    bodyType: 'application/sdp',
  });
});

test.each([
  ['', { start: '', fields: [], body: [], bodyType: '' }],
  ['SIP/2.0 200 OK', { start: 'SIP/2.0 200 OK', fields: [], body: [], bodyType: '' }],
  [
    'no\nline without colon',
    { start: 'no', fields: [{ name: '', value: 'line without colon' }], body: [], bodyType: '' },
  ],
  [' \n folded first', { start: ' ', fields: [{ name: '', value: ' folded first' }], body: [], bodyType: '' }],
  ['a\n\n\n\n', { start: 'a', fields: [], body: [], bodyType: '' }],
])('whatever came is shown: %j', (text, read) => {
  expect(readText(text)).toEqual(read);
});
