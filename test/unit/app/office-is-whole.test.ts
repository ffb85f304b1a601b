/** Whatever the command line does to a running exchange is done in the window too, or it is said here why it is not. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { cac } from 'cac';
import { expect, test } from 'vitest';
import { actionWords } from '../../../app/renderer/store/office-words.ts';
import { commands } from '../../../proxy-core/cli/commands.ts';
import { methods } from '../../../proxy-core/node/control/methods.ts';

const root = resolve(import.meta.dirname, '../../..');

/** Methods that the window has no use for. */
const unasked: Readonly<Record<string, string>> = {
  'forwards.show': 'the list of forwards has the same of each user',
  'location.show': 'the list of phones is searched for the user',
  'presence.show': 'the list of lamps is searched for the user',
  'records.show': 'a record in the list is whole',
  'users.show': 'a user in the list is whole',
};

const sources = ['app/renderer', 'app/main', 'app/services/exchange'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name) && !name.endsWith('office-words.ts'))
    // A type asks nothing.
    .map((name) => readFileSync(join(root, folder, name), 'utf8').replace(/<[^<>()]*'[^<>()]*>/g, '')),
);
const isAsked = (method: string): boolean => sources.some((source) => source.includes(`'${method}'`));

test('each method of the administration is asked by the window', () => {
  const names = Object.keys(methods);
  expect(names.filter((name) => !isAsked(name) && !(name in unasked))).toEqual([]);
  expect(Object.keys(unasked).filter((name) => isAsked(name) || !names.includes(name))).toEqual([]);
});

test('each change has words where changes are told', () => {
  const changes = Object.entries(methods).filter(([, { changes }]) => changes);
  const names = [...changes.map(([name]) => name), 'users.mode', 'domains.mode', 'records.keep', 'records.webhook'];
  expect(names.filter((name) => actionWords(name) === name)).toEqual([]);
});

/** What has no running exchange to do something to. */
const elsewhere = ['serve', 'completion'];
/** Of every command and every listing. */
const everywhere: Readonly<Record<string, string>> = {
  '--data': 'the office that this computer hosts',
  '--json': 'for programs',
  '--find': 'the field over each list',
  '--follow': 'lists are live',
  '--limit': 'a list is read as it is scrolled',
  '--reverse': 'lists stand in the order that is of use, the latest first where that is time',
  '--sort': 'the same; users in an order of choice',
};

type Options = Readonly<Record<string, string>>;
const script = 'not: for scripts; the window proposes a password and copies it';
const traced: Options = {
  '--user': 'Diagnosis: Traffic, the field',
  '--address': 'Diagnosis: Traffic, the field',
  '--since': 'Diagnosis: Traffic, from when',
  '--until': 'not: what comes later stands above and is passed over',
  '--limit': 'not: the newest hundred, of whatever is looked for',
};
const found: Options = {
  '--user': 'Calls: Past, the field',
  '--number': 'Calls: Past, the field',
  '--from': 'Calls: Past, From',
  '--to': 'Calls: Past, Until',
  '--outcome': 'Calls: Past, how it ended',
};

/** Where each command has its place, beginning with the page, and so its own options. */
const places: Readonly<Record<string, readonly [place: string, options?: Options]>> = {
  status: ['Diagnosis: Figures'],
  stats: ['Diagnosis: Figures'],
  'user add': [
    'Users: Add user',
    { '--password': 'Users: Add user', '--password-stdin': script, '--name': 'Users: Add user' },
  ],
  'user list': [
    'Users',
    {
      '--domain': 'Users: Domain',
      '--mode': 'not: how a user is called stands on the user’s page',
      '--admins': 'Users: Administrators',
      '--registered': 'Users: With a phone registered',
      '--unregistered': 'Users: Without a phone',
    },
  ],
  'user show': ['Users: a user'],
  'user remove': ['Users: a user'],
  'user passwd': ['Users: a user', { '--password': 'Users: a user', '--password-stdin': script }],
  'user admin': ['Users: a user'],
  'user rename': ['Users: a user'],
  'user export': ['Users: Files of users', { '--domain': 'not: all are written, each with the domain' }],
  'user import': ['Users: Files of users', { '--domain': 'not: a column of the table says it' }],
  'user mode': ['Users: a user'],
  'device add': ['Users: a user', { '--password': 'Users: a user', '--password-stdin': script }],
  'device list': ['Diagnosis: Phones', { '--domain': 'Diagnosis: Phones, Domain' }],
  'device remove': ['Users: a user'],
  'invite add': ['Users: a user', { '--hours': 'Users: a user, Good for' }],
  'invite list': ['Users: a user', { '--domain': 'not: codes stand with the user they are for' }],
  'invite remove': ['Users: a user'],
  'alias add': ['Users: a user'],
  'alias list': ['Domains: Further numbers', { '--domain': 'Domains: Further numbers, Domain' }],
  'alias remove': ['Users: a user'],
  'domain add': ['Domains'],
  'domain list': ['Domains'],
  'domain remove': ['Domains'],
  'domain mode': ['Domains'],
  'location list': ['Diagnosis: Phones', { '--device': 'Diagnosis: Phones, the field' }],
  'location show': ['Users: a user'],
  'location remove': ['Users: a user', { '--contact': 'Diagnosis: Phones' }],
  'forward list': ['Diagnosis: Forwards'],
  'forward show': ['Users: a user'],
  'forward set': ['Users: a user', { '--after': 'Users: a user' }],
  'forward clear': ['Users: a user'],
  'forward outside': ['Users: a user'],
  'dnd set': ['Users: a user'],
  'dnd list': ['Diagnosis: Forwards'],
  'messages list': ['Diagnosis: Waiting'],
  'messages show': ['Diagnosis: Waiting', { '--body': 'Diagnosis: Waiting' }],
  'messages remove': ['Diagnosis: Waiting', { '--user': 'Users: a user, Throw all away' }],
  'ban list': ['Security'],
  'ban lift': ['Security'],
  'ban add': ['Security', { '--minutes': 'Security: in hours' }],
  'refusal list': ['Security: Refused'],
  'trust list': ['Security: Trusted'],
  'trust add': ['Security: Trusted'],
  'trust remove': ['Security: Trusted'],
  'location restless': ['Overview'],
  'trace list': ['Diagnosis: Traffic', traced],
  'trace show': [
    'Calls: Messages of a call',
    { ...traced, '--ladder': 'Calls: Messages of a call', '--bodies': 'Calls: Messages of a call, one of them' },
  ],
  'trace pcap': ['Diagnosis: Traffic', { ...traced, '--bodies': 'Calls: Messages of a call, Save' }],
  'trace follow': [
    'Calls: Messages of a call, which grow',
    { ...traced, '--ladder': 'Calls: Messages of a call', '--bodies': 'Calls: Messages of a call, one of them' },
  ],
  'presence list': ['Lamps: Now', { '--domain': 'Lamps: Now, Domain' }],
  'presence show': ['Lamps: Now'],
  'presence rules': ['Lamps: Who may'],
  'presence rule': ['Users: a user', { '--listed': 'Users: a user', '--other-party': 'Users: a user' }],
  'watchlist list': ['Lamps: Lists', { '--domain': 'Lamps: Lists, Domain' }],
  'watchlist set': ['Lamps: Lists'],
  'watchlist remove': ['Lamps: Lists'],
  'subscriptions list': [
    'Lamps: Who watches',
    { '--by': 'Lamps: Who watches, the field', '--event': 'Lamps: Who watches, the field' },
  ],
  'subscriptions end': ['Lamps: Who watches'],
  why: ['Diagnosis: Why', { '--messages': 'Calls: Messages of a call, marked' }],
  'audit list': ['Changes', { '--by': 'Changes: the field', '--since': 'Changes: Since' }],
  'audit show': ['Changes: and so many more'],
  'audit undo': ['Changes'],
  'settings list': ['Settings'],
  'settings set': ['Settings'],
  'settings reset': ['Settings'],
  calls: ['Calls: Now', { '--user': 'Calls: Now, the field' }],
  'calls end': ['Calls: Now'],
  'records list': ['Calls: Past', found],
  'records show': ['Calls: Past, a call'],
  'records export': ['Calls: Past, Export as CSV', found],
  'records counts': [
    'Overview: Calls so far',
    { '--by': 'Overview: Calls so far', '--from': 'not: the last 24 hours or 30 days', '--to': 'not: up to now' },
  ],
  'records keep': ['Calls: Keeping', { '--days': 'Calls: Keeping', '--count': 'Calls: Keeping' }],
  'records webhook': ['Calls: Keeping', { '--secret': 'Calls: Keeping', '--off': 'Calls: Keeping' }],
  backup: ['Settings: Backup'],
  restore: ['Settings: Backup', { '--dry-run': 'Settings: Backup, which tells before' }],
};

const line = cac('tandem');
// They are declared, and none is run.
for (const add of commands) add(line, {} as Parameters<typeof add>[1]);
const declared = line.commands.filter(({ name }) => !elsewhere.includes(name));

test('each command has its place in the window', () => {
  expect(Object.keys(places).sort()).toEqual(declared.map(({ name }) => name).sort());
});

test.each(declared.map(({ name, options }) => [name, options.map(({ rawName }) => rawName.split(' ', 1)[0] ?? '')]))(
  'each option of %s has its place there, or a reason why not',
  (name, options) => {
    const [, own = {}] = places[name] ?? [''];
    expect(options.filter((option) => !(option in own) && !(option in everywhere))).toEqual([]);
    expect(Object.keys(own).filter((option) => !options.includes(option))).toEqual([]);
  },
);

test('each place is on a page that the window has', () => {
  const view = readFileSync(join(root, 'app/renderer/features/office/office-view.tsx'), 'utf8');
  const pages = [...view.matchAll(/ page: '\w+', name: t`(\w+)`/g)].map(([, page]) => page);
  expect(pages).toContain('Diagnosis');
  const named = Object.values(places).flatMap(([place, options = {}]) => [place, ...Object.values(options)]);
  expect(named.filter((place) => ![...pages, 'not'].includes(place.split(':', 1)[0]))).toEqual([]);
});
