/** One place to which a call was sent, while the call lives. */
import type { SipResponse } from '../../sip/message/message.ts';
import type { BranchListener } from '../fork-listener.ts';
import type { Aor } from '../stores.ts';
import type { CallDevice, CallState } from './call.ts';
import { detached } from './detached.ts';

/** The call that it is of. */
interface Owner {
  rang(device: LiveDevice): void;
  accepted(device: LiveDevice, response: SipResponse): void;
  gaveUp(device: LiveDevice, status: number, response: SipResponse | undefined): void;
}

type Place = Pick<CallDevice, 'aor' | 'contact' | 'label' | 'userAgent'>;

export class LiveDevice implements CallDevice, BranchListener {
  readonly aor: Aor | undefined;
  readonly contact: string;
  readonly label: string;
  readonly userAgent: string;
  state: CallState = 'trying';
  ringingAt = 0;
  tag: string | undefined;
  status = 0;
  /** It ended by a response, not by a timer of ours; and the Reason that this gave. */
  hasSaid = false;
  reason = '';
  readonly #owner: Owner;

  constructor(owner: Owner, { aor, contact, label, userAgent }: Place) {
    this.#owner = owner;
    this.aor = aor;
    this.contact = contact;
    this.label = label;
    this.userAgent = userAgent;
  }

  progressed(response: SipResponse): void {
    if (this.state === 'trying') this.tag = detached([response.to.tag ?? ''])[0] || undefined;
    this.#owner.rang(this);
  }

  accepted(response: SipResponse): void {
    this.#owner.accepted(this, response);
  }

  ended(status: number, response: SipResponse | undefined): void {
    this.#owner.gaveUp(this, status, response);
  }
}
