/** A dialog as it is kept for an hour: its texts are parts of one of their own, not of the message that they came in. */
import { type Dialog, keyOf, type RouteStep } from '../../sip/dialog/dialog.ts';

export interface KeptDialog {
  readonly key: string;
  readonly dialog: Dialog;
}

const NO_ROUTES: readonly RouteStep[] = [];

export function keptDialog(dialog: Dialog): KeptDialog {
  const { callId, localTag, remoteTag, local, remote, remoteTarget, routes } = dialog;
  // Lines of a message hold no line break, so that one joins and parts them.
  const parts = [callId, localTag, remoteTag, local, remote, remoteTarget];
  for (const { text, uri } of routes) parts.push(text, uri);
  const text = parts.join('\n');
  let at = 0;
  const [first = '', second = '', third = '', own = '', peer = '', target = '', ...rest] = parts.map((part) => {
    const kept = text.slice(at, at + part.length);
    at += part.length + 1;
    return kept;
  });
  return {
    key: text.slice(0, keyOf(dialog).length),
    dialog: {
      ...dialog,
      ...{ callId: first, localTag: second, remoteTag: third, local: own, remote: peer, remoteTarget: target },
      routes:
        routes.length === 0
          ? NO_ROUTES
          : routes.map(({ loose }, i) => ({ text: rest[2 * i] ?? '', uri: rest[2 * i + 1] ?? '', loose })),
    },
  };
}
