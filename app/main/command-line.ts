/** What was said on the command line: how the program is to start, or what the one that runs already is to do. */
import { resolve } from 'node:path';
import type { SteerCommand } from '../shared/steering.ts';
import { isLink } from './link.ts';
import options from './options.json' with { type: 'json' };

export interface CommandLine {
  /** Absolute; undefined means the usual place of the operating system. */
  readonly dataDir: string | undefined;
  /** Every socket of the program stays on 127.0.0.1. */
  readonly loopback: boolean;
  /** Every call is answered by itself, as long as this run lasts. */
  readonly autoAnswer: boolean;
  /** The window is not shown at first. */
  readonly inBackground: boolean;
  /** Where the first account listens. */
  readonly sipPort: number | undefined;
  /** For the program that runs with this profile; undefined where this one is to start. */
  readonly steering: SteerCommand | undefined;
  /** Opened with this start, as it came; undefined where none was. */
  readonly link: string | undefined;
  /** The result of steering as JSON. */
  readonly json: boolean;
  /** What cannot be understood, as one sentence. */
  readonly wrong: string | undefined;
}

interface Option {
  readonly what: string;
  readonly value?: string;
  /** It is something that a running phone is to do. */
  readonly steers?: boolean;
  /** It makes sense only with one of those. */
  readonly chooses?: boolean;
}

type Said = ReadonlyMap<string, string | undefined>;

const known: ReadonlyMap<string, Option> = new Map(Object.entries<Option>(options));

/**
 * Chromium's and Node's own switches are among the words and are passed over.
 * @param words without the program itself
 */
export function readCommandLine(all: readonly string[], cwd: string): CommandLine {
  const at = linkAt(all);
  // Whoever wrote the link may have written more than one word.
  const words = at < 0 ? all : all.slice(0, at);
  const said = read(words);
  const data = said.get('--data');
  return {
    dataDir: data ? resolve(cwd, data) : undefined,
    loopback: said.has('--loopback'),
    autoAnswer: said.has('--auto-answer'),
    inBackground: said.has('--in-background'),
    sipPort: portIn(said.get('--sip-port')),
    steering: commandIn(said),
    link: at < 0 ? undefined : all[at],
    json: said.has('--json'),
    wrong: wrongIn(said),
  };
}

/** The first link that is not the value of an option; -1 where there is none. */
const linkAt = (words: readonly string[]): number =>
  words.findIndex((word, at) => isLink(word) && known.get(words[at - 1] ?? '')?.value === undefined);

/** The options among the words, with their values as `--name value` or `--name=value`; the last one of a name counts. */
function read(words: readonly string[]): Said {
  const said = new Map<string, string | undefined>();
  for (const [index, word] of words.entries()) {
    const equals = word.indexOf('=');
    const name = equals < 0 ? word : word.slice(0, equals);
    const option = known.get(name);
    if (option === undefined) continue;
    const next = equals < 0 ? words[index + 1] : word.slice(equals + 1);
    const value = option.value === undefined || next?.startsWith('--') === true ? undefined : next;
    said.set(name, value);
  }
  return said;
}

const portIn = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d{1,5}$/.test(text) && Number(text) > 0 && Number(text) < 65_536 ? Number(text) : undefined;

function wrongIn(said: Said): string | undefined {
  const asked = [...said.keys()].filter((name) => known.get(name)?.steers === true);
  if (asked.length > 1) return `One thing at a time: ${asked.join(' and ')} cannot be done together.`;
  if (said.has('--sip-port') && portIn(said.get('--sip-port')) === undefined)
    return 'The option --sip-port needs a number from 1 to 65535.';
  for (const [name, value] of said) {
    const option = known.get(name);
    // A profile without a name is the usual one.
    if (option?.value !== undefined && !value && name !== '--data') {
      return `The option ${name} needs a value: ${name} ${option.value}.`;
    }
    if (option?.chooses === true && asked.length === 0)
      return `The option ${name} needs something to do, such as --state.`;
  }
  return undefined;
}

function commandIn(said: Said): SteerCommand | undefined {
  const callId = said.get('--call-id');
  const chosen = callId === undefined ? {} : { callId };
  const target = said.get('--call');
  const account = said.get('--account');
  if (target) return { do: 'call', target, ...(account === undefined ? {} : { account }) };
  const to = said.get('--transfer');
  if (to) return { do: 'transfer', target: to, ...chosen };
  const digits = said.get('--dtmf');
  if (digits) return { do: 'dtmf', digits, ...chosen };
  if (said.has('--state')) return { do: 'state' };
  for (const name of ['answer', 'hangup', 'hold', 'resume', 'mute', 'unmute'] as const) {
    if (said.has(`--${name}`)) return { do: name, ...chosen };
  }
  return undefined;
}
