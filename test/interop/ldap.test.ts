/** A directory that is not ours is searched by names and numbers, by each way there is, and says why where it does not answer. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createDirectories } from '../../app/services/people/directories.ts';
import type { DirectoryAccount } from '../../app/shared/directories.ts';
import { LDAP_BASE, LDAP_PASSWORD, LDAP_USER, type LdapPerson, Slapd } from '../support/slapd.ts';

const person = (givenName: string, sn: string, more: LdapPerson = {}): LdapPerson => ({
  ...{ givenName, sn, cn: `${givenName} ${sn}`, ...more },
});
const crowd = Array.from({ length: 300 }, (_, at) =>
  person('Crowd', `Number${at}`, { telephoneNumber: `${5000 + at}` }),
);
const people: readonly LdapPerson[] = [
  person('Jana', 'Dvořáková', {
    ...{ telephoneNumber: '+420 221 000-111', mobile: ['777 123 456', '+420777999888'], mail: 'jana@office.example' },
    o: 'Mlýn a syn',
  }),
  person('Petr', 'Malý (Praha) *', { telephoneNumber: '1002', facsimileTelephoneNumber: '1099' }),
  person('عبد الرحمن', 'الأنصاري', { telephoneNumber: '00971 4 555 0100' }),
  person('Nobody', 'Without', { mail: 'none@office.example' }),
  ...crowd,
];

let server: Slapd;
let directories: ReturnType<typeof createDirectories>;
beforeAll(async () => {
  server = await Slapd.start({ people });
});
afterAll(() => server.stop());
beforeEach(() => {
  directories = createDirectories(() => true);
});
afterEach(() => directories.close());

const account = (more: Partial<DirectoryAccount> = {}): DirectoryAccount => ({
  ...{ id: 'd', name: '', server: `127.0.0.1:${server.port}`, way: 'none', base: '', user: '', password: '' },
  ...{ kind: 'standard', filter: '', numbers: '', trusted: [], ...more },
});
async function names(typed: string, more: Partial<DirectoryAccount> = {}): Promise<readonly string[]> {
  const found = await directories.search({ account: account(more), typed });
  if (!found.ok) throw new Error(found.reason);
  return found.value.map(({ draft }) => draft.name).sort();
}

describe('a directory', () => {
  it.each([
    ['jan', ['Jana Dvořáková']],
    ['Dvořák', ['Jana Dvořáková']],
    ['dvořáková jana', ['Jana Dvořáková']],
    ['dvorakova', ['Jana Dvořáková']],
    ['office.example', ['Jana Dvořáková']],
    ['221000', ['Jana Dvořáková']],
    ['0221 000 111', ['Jana Dvořáková']],
    ['الأنصاري', ['عبد الرحمن الأنصاري']],
    ['(praha)', ['Petr Malý (Praha) *']],
    ['*', ['Petr Malý (Praha) *']],
    [')(uid=*', []],
    ['\\2a', []],
    ['Without', []],
  ])('gives for %s: %s', async (typed, expected) => {
    expect(await names(typed)).toEqual(expected);
  });

  it('says all that is known of somebody', async () => {
    const found = await directories.search({ account: account(), typed: 'jana' });
    expect(found.ok && found.value[0]?.draft).toMatchObject({
      company: 'Mlýn a syn',
      numbers: [
        { kind: 'work', value: '+420 221 000-111' },
        { kind: 'mobile', value: '777 123 456' },
        { kind: 'mobile', value: '+420777999888' },
      ],
      emails: ['jana@office.example'],
    });
  });

  it.each([
    ['+420221000111', 'Jana Dvořáková'],
    ['221000111', 'Jana Dvořáková'],
    ['00420777123456', 'Jana Dvořáková'],
    ['1002', 'Petr Malý (Praha) *'],
    ['+97145550100', 'عبد الرحمن الأنصاري'],
    ['045550100', 'عبد الرحمن الأنصاري'],
    ['002', undefined],
    ['anna@office.example', undefined],
  ])('knows who has the number %s', async (number, expected) => {
    const found = await directories.byNumber({ account: account(), number });
    expect(found.ok && found.value[0]?.draft.name).toBe(expected);
  });

  it('gives no more than fits, and is asked again over the same connection', async () => {
    expect(await names('crowd')).toHaveLength(50);
    expect(await names('crowd number299')).toEqual(['Crowd Number299']);
  });

  it('is asked with a filter of one’s own, and for fields of one’s own', async () => {
    const own = { kind: 'own', filter: '(|(sn={}*)(description={}))', numbers: 'mobile' } as const;
    expect(await names('Dvo', own)).toEqual(['Jana Dvořáková']);
    expect(await names('Jana', own)).toEqual([]);
    const broken = await directories.check({ account: account({ ...own, filter: '(sn={}' }) });
    expect(broken).toMatchObject({ ok: false });
  });

  it('answers again after it was away', async () => {
    const other = await Slapd.start({ people: people.slice(0, 1) });
    const there = account({ server: `ldap://127.0.0.1:${other.port}` });
    expect(await directories.search({ account: there, typed: 'jana' })).toMatchObject({ ok: true });
    await other.stop();
    expect(await directories.search({ account: there, typed: 'jana' })).toEqual({
      ok: false,
      reason: 'Nothing answers at 127.0.0.1.',
      trouble: 'offline',
    });
  });
});

describe('signing in', () => {
  let closed: Slapd;
  beforeAll(async () => {
    closed = await Slapd.start({ people: people.slice(0, 2), closed: true });
  });
  afterAll(() => closed.stop());

  const at = (more: Partial<DirectoryAccount>): DirectoryAccount =>
    account({ server: `127.0.0.1:${closed.port}`, user: LDAP_USER, password: LDAP_PASSWORD, base: LDAP_BASE, ...more });

  it('lets one read, and says where name or password are wrong', async () => {
    expect(await directories.check({ account: at({}) })).toEqual({ ok: true, value: undefined });
    expect(await directories.check({ account: at({ password: 'wrong' }) })).toEqual({
      ok: false,
      reason: '127.0.0.1 does not accept this name and password.',
      trouble: 'password',
    });
    expect(await directories.check({ account: at({ base: 'dc=elsewhere,dc=example' }) })).toMatchObject({
      ok: false,
      reason: '127.0.0.1 has nothing below dc=elsewhere,dc=example.',
    });
  });

  it.each(['tls', 'starttls'] as const)('is done by %s only once the certificate is trusted', async (way) => {
    const port = way === 'tls' ? closed.tlsPort : closed.port;
    const doubted = await directories.check({ account: at({ server: `127.0.0.1:${port}`, way }) });
    expect(doubted).toMatchObject({
      ok: false,
      reason: `Nobody known to this computer vouches for the certificate of 127.0.0.1:${port}.`,
      trouble: 'certificate',
    });
    const offered = !doubted.ok && doubted.certificate ? [doubted.certificate.offered] : [];
    const trusting = at({ server: `127.0.0.1:${port}`, way, trusted: offered });
    expect(await directories.search({ account: trusting, typed: 'jana' })).toMatchObject({ ok: true, value: [{}] });
    const changed = offered.map((one) => ({ ...one, fingerprint: one.fingerprint.replace(/../g, 'AA') }));
    expect(
      await directories.check({ account: at({ server: `127.0.0.1:${port}`, way, trusted: changed }) }),
    ).toMatchObject({
      certificate: { why: 'changed' },
    });
  });
});
