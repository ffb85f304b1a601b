/** One phone with several accounts at once, on real sockets, at exchanges of their own. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Account } from '../../../../../app/shared/bridge.ts';
import { TestOffice } from '../../../../support/exchange.ts';
import { NodePhone } from '../../../../support/node-phone.ts';
import { until } from '../../../../support/until.ts';

let here: TestOffice;
let there: TestOffice;
const phones: NodePhone[] = [];

beforeEach(async () => {
  [here, there] = await Promise.all([
    TestOffice.open({ users: { 1001: 'here-1', 1002: 'here-2' } }),
    TestOffice.open({ users: { 1001: 'there-1', 1002: 'there-2' } }),
  ]);
});

afterEach(async () => {
  for (const phone of phones.splice(0)) await phone.close();
  await Promise.all([here.close(), there.close()]);
});

const accountAt = (office: TestOffice, id: string, number = '1001', more: Partial<Account> = {}): Account => ({
  ...{ id, number, displayName: '', server: `127.0.0.1:${office.port}`, outboundProxy: '' },
  ...more,
});

const PASSWORDS = { here: 'here-1', there: 'there-1', 'here-2': 'here-2', 'there-2': 'there-2' };

/** Registered with all of these. */
async function phoneWith(...accounts: Account[]): Promise<NodePhone> {
  const phone = new NodePhone(accounts, PASSWORDS);
  phones.push(phone);
  for (const { id } of accounts) await phone.registered(id);
  return phone;
}

const answersItself = { calls: { autoAnswer: 'always' as const } };

describe('the same number at two servers', () => {
  it('registers at both, calls by the one that is chosen, and says which one is called', async () => {
    const anna = await phoneWith(accountAt(here, 'here'), accountAt(there, 'there'));
    const ben = await phoneWith(
      accountAt(here, 'here-2', '1002', answersItself),
      accountAt(there, 'there-2', '1002', answersItself),
    );

    const first = await anna.talkTo('1002');
    expect(first.accountId).toBe('here');
    expect(ben.calls.map(({ accountId }) => accountId)).toEqual(['here-2']);

    const made = anna.softphone.call('1002', { accountId: 'there' });
    await ben.answer();
    const second = await anna.call(
      'the other Ben',
      (call) => made.ok && call.id === made.callId && call.state === 'active',
    );
    expect(second.accountId).toBe('there');
    expect(ben.calls.map(({ accountId }) => accountId).sort()).toEqual(['here-2', 'there-2']);
    await anna.call('the first to be held', ({ id, held }) => id === first.id && held);

    anna.softphone.hangUp(second.id);
    await anna.ended(second.id);
    await ben.call('the end of that call', ({ accountId, state }) => accountId === 'there-2' && state === 'ended');
    expect(anna.calls.find(({ id }) => id === first.id)?.state).toBe('active');
  });

  it('works at one while the other does not answer', async () => {
    const accounts = [accountAt(here, 'here'), accountAt(there, 'there')];
    await here.stop();
    const anna = new NodePhone(accounts, PASSWORDS);
    phones.push(anna);
    const ben = await phoneWith(accountAt(there, 'there-2', '1002', answersItself));
    await anna.registered('there');
    expect(anna.accounts[0]?.registration.state).toBe('registering');
    const made = anna.softphone.call('1002', { accountId: 'there' });
    await anna.call('the call', (call) => made.ok && call.id === made.callId && call.state === 'active');
    expect(ben.calls.length).toBe(1);
    await here.start();
  });
});

describe('an account', () => {
  it('that is removed during its call ends that call alone, on both sides', async () => {
    const [own, other] = [accountAt(here, 'here'), accountAt(there, 'there')];
    const anna = await phoneWith(own, other);
    const ben = await phoneWith(
      accountAt(here, 'here-2', '1002', answersItself),
      accountAt(there, 'there-2', '1002', answersItself),
    );
    const byFirst = await anna.talkTo('1002');
    const made = anna.softphone.call('1002', { accountId: 'there' });
    await ben.answer();
    await anna.call('the second call', (call) => made.ok && call.id === made.callId && call.state === 'active');

    anna.setAccounts([other]);
    await anna.ended(byFirst.id);
    await ben.call('to hear of it', ({ accountId, state }) => accountId === 'here-2' && state === 'ended');
    await until('the account to be gone', () => anna.accounts.length === 1);
    expect(anna.accounts[0]?.id).toBe('there');
    await until('the registrar to know', async () => {
      const { items } = await here.handle.admin.call('location.list', {});
      return items.every(({ aor }) => !aor.includes('1001'));
    });
    expect(anna.calls.find(({ accountId }) => accountId === 'there')?.state).toBe('active');
  });

  it('that is off is signed out, calls go by the next one, and back on it signs in again', async () => {
    const [own, other] = [accountAt(here, 'here'), accountAt(there, 'there')];
    const anna = await phoneWith(own, other);
    const ben = await phoneWith(accountAt(there, 'there-2', '1002', answersItself));
    anna.setAccounts([{ ...own, settings: { enabled: false } }, other]);
    expect(anna.softphone.call('1002', { accountId: 'here' })).toEqual({
      ok: false,
      reason: 'The account for this call is not signed in.',
    });
    expect((await anna.talkTo('1002')).accountId).toBe('there');
    expect(ben.calls.length).toBe(1);
    expect(anna.accounts.map(({ id }) => id)).toEqual(['there']);
    anna.setAccounts([own, other]);
    await anna.registered('here');
  });

  it('signs in by another name where its server knows it so', async () => {
    const anna = await phoneWith(accountAt(here, 'here'));
    const strange = new NodePhone([accountAt(here, 'here-2', '1002', { settings: { authName: 'nobody' } })], PASSWORDS);
    phones.push(strange);
    await until('to be refused', () => strange.accounts[0]?.registration.state === 'failed');
    expect(anna.accounts[0]?.registration.state).toBe('registered');
    strange.setAccounts([accountAt(here, 'here-2', '1002', { settings: { authName: '1002', expires: 120 } })]);
    await strange.registered('here-2');
    const { registration } = strange.accounts[0] ?? {};
    expect(registration?.state === 'registered' && registration.expiresAt - Date.now()).toBeGreaterThan(100_000);
  });
});
