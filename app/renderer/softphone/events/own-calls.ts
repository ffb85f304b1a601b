/** The calls that the user has on other devices, as the server tells them of his own address (RFC 4235). */
import { DIALOG_INFO, readDialogInfo, type SeenDialog } from '../../../../proxy-core/sip/bodies/dialog-info.ts';
import { readXml } from '../../../../proxy-core/sip/bodies/read-xml.ts';
import { toText } from '../../../../proxy-core/sip/grammar/text.ts';
import { parseUri } from '../../../../proxy-core/sip/grammar/uri.ts';
import type { ElsewhereCall } from '../snapshots.ts';
import { WatchedDialogs } from './dialogs.ts';
import type { EventsHost } from './host.ts';
import { Subscription } from './subscription.ts';

export class OwnCalls {
  readonly subscription: Subscription;
  readonly #accountId: string;
  readonly #dialogs = new WatchedDialogs();

  constructor(host: EventsHost, accountId: string, over: (subscription: Subscription) => void) {
    this.#accountId = accountId;
    this.subscription = new Subscription({
      ...{ host, uri: host.aor, event: 'dialog', accept: DIALOG_INFO, over: () => over(this.subscription) },
      take: (body, first) => {
        if (body === '') return this.#dialogs.clear();
        const read = readDialogInfo(body, readXml);
        return read.ok ? this.#dialogs.take(read.value, first) : 'unreadable';
      },
    });
  }

  /** Those that were answered, by the dialog that the other side has; also those of this phone. */
  get all(): readonly ElsewhereCall[] {
    return this.subscription.isKnown ? this.#dialogs.all.flatMap((dialog) => this.#callOf(dialog) ?? []) : [];
  }

  #callOf({ id, state, callId, localTag, remoteTag, remote }: SeenDialog): ElsewhereCall | undefined {
    const address = parseUri(remote.target || remote.uri);
    if (state !== 'confirmed' || callId === '' || localTag === '' || remoteTag === '' || !address.ok) return undefined;
    const number = toText(address.value.userDecoded) || toText(address.value.host);
    return {
      ...{ accountId: this.#accountId, id },
      peer: { name: remote.name, number, uri: toText(address.value.toString()) },
      replaces: { callId, toTag: remoteTag, fromTag: localTag, earlyOnly: false },
    };
  }
}
