import { describe, expect, it } from 'vitest';
import { readJoinLink, writeJoinLink } from '../../../../app/shared/join-link.ts';

describe('the link of a code', () => {
  it.each(['192.0.2.10:5060', 'sip:office.example:5061;transport=tls', '[2001:db8::1]:5060'])(
    'leads to %s',
    (server) => {
      const link = writeJoinLink({ code: 'K7M-4QP-9XT', server });
      expect(link).toMatch(/^tandem:join\?[\w%.=&+-]+$/);
      expect(readJoinLink(`  ${link}\n`)).toEqual({ code: 'K7M4QP9XT', server });
    },
  );

  it('is read as browsers may write it', () => {
    expect(readJoinLink('TANDEM://join/?office=a.example&code=K7M4QP9XT&x=y')).toEqual({
      ...{ code: 'K7M4QP9XT', server: 'a.example' },
    });
  });

  it.each([
    '',
    'K7M-4QP-9XT',
    'tandem:call?code=K7M4QP9XT&office=a.example',
    'tandem:join?code=K7M4QP9XT',
    'tandem:join?office=a.example',
    'tandem:join?code=K7M4QP9XT&office=a b',
    'https://a.example/?code=K7M4QP9XT&office=a.example',
    `tandem:join?code=K7M4QP9XT&office=${'a'.repeat(700)}`,
  ])('is none in %j', (text) => {
    expect(readJoinLink(text)).toBeUndefined();
  });
});
