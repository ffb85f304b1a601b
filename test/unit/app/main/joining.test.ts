import { describe, expect, it } from 'vitest';
import { createJoining } from '../../../../app/main/joining.ts';
import type { Account, Outcome } from '../../../../app/shared/bridge.ts';
import type { JoinedOffice } from '../../../../app/shared/services.ts';

const account: Omit<Account, 'id'> = { number: '1001', displayName: 'Ada', server: 'a.example', outboundProxy: '' };
const given: Outcome<JoinedOffice> = { ok: true, value: { account, password: 'secret' } };

function parts(answer: () => Promise<Outcome<JoinedOffice>> = async () => given, known: readonly Account[] = []) {
  const [asked, signedIn]: [unknown[], unknown[]] = [[], []];
  const joining = createJoining({
    newId: () => 'new',
    accounts: {
      describe: () => ({ accounts: known }) as never,
      async signIn(args) {
        signedIn.push(args);
        return { ok: true, value: undefined };
      },
    },
    join(request) {
      asked.push(request);
      return answer();
    },
  });
  return { joining, asked, signedIn };
}

describe('joining an office', () => {
  it('signs in with what the office gives', async () => {
    const { joining, asked, signedIn } = parts();
    const joined = await joining.join({ text: 'K7M-4QP-9XT', server: '192.0.2.10' });
    expect(joined).toEqual({ ok: true, value: { accountId: 'new', number: '1001', name: 'Ada' } });
    expect(asked).toEqual([{ code: 'K7M-4QP-9XT', server: '192.0.2.10' }]);
    expect(signedIn).toEqual([{ account: { ...account, id: 'new' }, password: 'secret' }]);
  });

  it('goes where a link leads, whatever else the page says, and takes the place of the same account', async () => {
    const { joining, asked, signedIn } = parts(undefined, [{ ...account, id: 'old' }]);
    const text = 'tandem:join?code=K7M4QP9XT&office=b.example';
    expect(await joining.join({ text, server: 'c.example' })).toMatchObject({ value: { accountId: 'old' } });
    expect(asked).toEqual([{ code: 'K7M4QP9XT', server: 'b.example' }]);
    expect(signedIn).toMatchObject([{ account: { id: 'old' } }]);
  });

  it('says why it did not work, and signs nobody in', async () => {
    const refused = parts(async () => ({ ok: false, reason: 'The office does not know this code.' }));
    expect(await refused.joining.join({ text: 'x', server: 'a' })).toMatchObject({ ok: false });
    const fallen = parts(() => Promise.reject(new Error('the phone service stopped')));
    expect(await fallen.joining.join({ text: 'x', server: 'a' })).toEqual({
      ...{ ok: false, reason: 'The office could not be asked: the phone service stopped.' },
    });
    expect([...refused.signedIn, ...fallen.signedIn]).toEqual([]);
  });

  it('spends a code once, however often the page asks', async () => {
    let give: (outcome: Outcome<JoinedOffice>) => void = () => {};
    const { joining, asked } = parts(() => new Promise((resolve) => (give = resolve)));
    const first = joining.join({ text: 'K7M-4QP-9XT', server: 'a' });
    expect(await joining.join({ text: 'K7M-4QP-9XT', server: 'a' })).toMatchObject({ ok: false });
    give(given);
    expect(await first).toMatchObject({ ok: true });
    expect(asked).toHaveLength(1);
  });

  it.each([undefined, {}, { text: 1, server: '' }, { text: 'x'.repeat(601), server: '' }])(
    'refuses %j',
    async (args) => {
      const { joining, asked } = parts();
      expect(await joining.join(args)).toEqual({ ok: false, reason: 'This is no code.' });
      expect(asked).toEqual([]);
    },
  );
});
