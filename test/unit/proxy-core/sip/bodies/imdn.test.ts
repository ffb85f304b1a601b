/** Notices of what became of a message (RFC 5438): who asked for them, and what they say. */
import { describe, expect, test } from 'vitest';
import { cpimHeader, parseCpim } from '../../../../../proxy-core/sip/bodies/cpim.ts';
import { dispositionsAsked, imdnBody } from '../../../../../proxy-core/sip/bodies/imdn.ts';

const IMDN = 'urn:ietf:params:imdn';
const body = (...lines: string[]): string =>
  [
    'From: <sip:1001@a>',
    'To: <sip:1002@a>',
    `NS: imdn <${IMDN}>`,
    ...lines,
    '',
    'Content-type: text/plain',
    '',
    'Hi',
  ].join('\r\n');
const ASK = 'imdn.Disposition-Notification: positive-delivery;x=1, Negative-Delivery, processing, display';

describe('dispositionsAsked', () => {
  test('reads what the sender wants to be told', () => {
    const asked = dispositionsAsked('Message/CPIM; charset=utf-8', body('imdn.Message-ID: 34jk324j', ASK));
    expect(asked).toEqual({
      messageId: '34jk324j',
      wants: new Set(['delivered', 'failed', 'stored']),
      from: 'sip:1001@a',
      to: 'sip:1002@a',
    });
  });

  test.each([
    ['plain text', 'text/plain', body('imdn.Message-ID: 1', ASK)],
    ['no type', undefined, body('imdn.Message-ID: 1', ASK)],
    ['no identity', 'message/cpim', body(ASK)],
    ['an identity that would break the document', 'message/cpim', body('imdn.Message-ID: a b', ASK)],
    ['an endless identity', 'message/cpim', body(`imdn.Message-ID: ${'a'.repeat(300)}`, ASK)],
    [
      'nothing that a server tells',
      'message/cpim',
      body('imdn.Message-ID: 1', 'imdn.Disposition-Notification: display'),
    ],
    [
      'no address to answer for',
      'message/cpim',
      body('imdn.Message-ID: 1', ASK).replace('From: <sip:1001@a>', 'From: x'),
    ],
    ['a notice itself', 'message/cpim', body('imdn.Message-ID: 1')],
  ])('%s asks for nothing', (_what, type, text) => {
    expect(dispositionsAsked(type, text)).toBeUndefined();
  });
});

describe('imdnBody', () => {
  const asked = { messageId: `a<&>"'`, wants: new Set(['failed'] as const), from: 'sip:1001@a', to: 'sip:1002@a' };

  test.each([
    ['stored', '<processing-notification><status><stored/></status></processing-notification>'],
    ['delivered', '<delivery-notification><status><delivered/></status></delivery-notification>'],
    ['failed', '<delivery-notification><status><failed/></status></delivery-notification>'],
  ] as const)('%s', (disposition, xml) => {
    const { type, content } = imdnBody({ asked, disposition, id: 'own', now: 1_700_000_000_000 });
    const cpim = parseCpim(content);
    expect(type).toBe('message/cpim');
    expect(cpim && cpimHeader(cpim, '', 'From')).toBe('<sip:1002@a>');
    expect(cpim && cpimHeader(cpim, '', 'To')).toBe('<sip:1001@a>');
    expect(cpim && cpimHeader(cpim, IMDN, 'Message-ID')).toBe('own');
    // Nobody is to tell of the telling (§7.2.1).
    expect(content).not.toContain('Disposition-Notification:');
    expect(content).toContain(xml);
    expect(content).toContain(
      `<message-id>a&lt;&amp;&gt;&quot;'</message-id><datetime>2023-11-14T22:13:20.000Z</datetime>`,
    );
    const inner = cpim?.content ?? '';
    const length = Number(/Content-length: (\d+)/.exec(inner)?.[1]);
    expect(inner.slice(inner.indexOf('<?xml'))).toHaveLength(length);
  });
});
