/** The document of the dialog event package as whoever watches reads it (RFC 4235 §4). */
import { toBytes, toText } from '../grammar/text.ts';
import type { ReadXml, XmlElement } from './xml.ts';

export const DIALOG_INFO = 'application/dialog-info+xml';

const SPACE = 'urn:ietf:params:xml:ns:dialog-info';
/** Dialogs of one document; nobody has as many calls. */
const MAX_DIALOGS = 64;

const STATES = ['trying', 'proceeding', 'early', 'confirmed', 'terminated'] as const;

/** One call of the watched user, as his side has it. */
export interface SeenDialog {
  /** In the documents of one notifier. */
  readonly id: string;
  /** These three are empty where the watcher may not know. */
  readonly callId: string;
  readonly localTag: string;
  readonly remoteTag: string;
  /** `initiator`: he calls; undefined where it is not told. */
  readonly direction: 'initiator' | 'recipient' | undefined;
  readonly state: (typeof STATES)[number];
  /** The other side; the URIs are binary strings, empty where unknown. */
  readonly remote: { readonly name: string; readonly uri: string; readonly target: string };
}

export interface DialogInfo {
  readonly version: number;
  /** Whether dialogs that are not in it are over. */
  readonly isFull: boolean;
  readonly dialogs: readonly SeenDialog[];
}

export type DialogInfoRead =
  | { readonly ok: true; readonly value: DialogInfo }
  | { readonly ok: false; readonly reason: string };

export function readDialogInfo(bytes: string, readXml: ReadXml): DialogInfoRead {
  const read = readXml(toText(bytes));
  if (!read.ok) return read;
  const { root } = read;
  if (root.name !== 'dialog-info' || root.space !== SPACE) return { ok: false, reason: 'not a dialog document' };
  const version = /^\d{1,10}$/.exec(root.attributes.get('version') ?? '')?.[0];
  const dialogs: SeenDialog[] = [];
  for (const child of root.children) {
    const dialog = child.name === 'dialog' ? readDialog(child) : undefined;
    if (dialog === undefined) continue;
    if (dialogs.length >= MAX_DIALOGS) return { ok: false, reason: 'too many dialogs' };
    dialogs.push(dialog);
  }
  return {
    ok: true,
    value: { version: Number(version ?? 0), isFull: root.attributes.get('state') !== 'partial', dialogs },
  };
}

/** Undefined where it says nothing that could be shown. */
function readDialog(element: XmlElement): SeenDialog | undefined {
  const { attributes, children } = element;
  const word = (name: string): string => toBytes(attributes.get(name) ?? '');
  const id = word('id');
  const text = children.find(({ name }) => name === 'state')?.text.trim();
  const state = STATES.find((one) => one === text);
  if (id === '' || state === undefined) return undefined;
  const direction = word('direction');
  const remote = children.find(({ name }) => name === 'remote')?.children ?? [];
  const identity = remote.find(({ name }) => name === 'identity');
  const target = remote.find(({ name }) => name === 'target');
  return {
    ...{ id, state, callId: word('call-id'), localTag: word('local-tag'), remoteTag: word('remote-tag') },
    direction: direction === 'initiator' || direction === 'recipient' ? direction : undefined,
    remote: {
      name: identity?.attributes.get('display') ?? '',
      uri: toBytes(identity?.text.trim() ?? ''),
      target: toBytes(target?.attributes.get('uri') ?? ''),
    },
  };
}
