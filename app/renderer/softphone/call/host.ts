/** What a call needs of its account, and what makes one call different from another. */
import type { AckKeeper } from '../../../../proxy-core/sip/dialog/acks.ts';
import type { Dialog } from '../../../../proxy-core/sip/dialog/dialog.ts';
import type { Referred } from '../../../../proxy-core/sip/dialog/refer.ts';
import type { Replaces } from '../../../../proxy-core/sip/dialog/replaces.ts';
import type { SipUri } from '../../../../proxy-core/sip/grammar/uri.ts';
import type { HeaderLine } from '../../../../proxy-core/sip/message/build.ts';
import type { Clock, RandomHex } from '../../../../proxy-core/sip/transaction/clock.ts';
import type { ServerTransaction } from '../../../../proxy-core/sip/transaction/user.ts';
import type { CallSettings } from '../../../shared/call-settings.ts';
import type { RegId } from '../../../shared/phone-port.ts';
import type { CallQualityReport } from '../quality-reports.ts';
import type { RecordingPort } from '../recordings.ts';
import type { Way } from '../send-request.ts';
import type { CallSnapshot } from '../snapshots.ts';
import type { MediaSessionOptions } from './media-session.ts';
import type { Continued, StandInParts } from './stand-in.ts';

export interface CallHost {
  readonly accountId: string;
  readonly clock: Clock;
  readonly random: RandomHex;
  readonly way: Way;
  readonly acks: AckKeeper;
  readonly mediaPorts: Pick<MediaSessionOptions, 'gateway' | 'media'>;
  readonly recordings: RecordingPort | undefined;
  readonly settings: CallSettings;
  /** From of a call from here, without tag. */
  readonly from: () => string;
  readonly routes: () => readonly string[];
  readonly contact: () => string;
  readonly userAgent: HeaderLine;
  /** Whether an address is of the account's own domain. */
  readonly isOwn: (uri: SipUri) => boolean;
  /** Calls somebody because the other side of a call asked for it; undefined where no call can be made. */
  readonly callReferred: (referred: Referred, more: Referral) => { readonly id: string } | undefined;
  /** Calls the other side of a broken call outside its dialog; undefined where that cannot be. */
  readonly callAnew: (parts: StandInParts) => { giveUp(): void } | undefined;
  readonly changed: () => void;
  readonly answered: (callId: string) => void;
  /** An answered call with sound is over. */
  readonly sounded: (report: CallQualityReport) => void;
  readonly gone: (callId: string) => void;
}

export interface Referral {
  readonly referredBy: string;
  /** The call in which we were asked. */
  readonly from: string;
  /** How the new call goes, as SIP statuses. */
  readonly progress: (status: number) => void;
}

export interface CallParts {
  readonly id: string;
  /** Of its sound at the gateway; `id` if not told. */
  readonly sessionId?: string;
  readonly callId: string;
  readonly localTag: string;
  readonly peer: CallSnapshot['peer'];
  /** How the call came here, as one sentence. */
  readonly detour?: string | undefined;
  /** Of an incoming call. */
  readonly arrived?: { readonly invitation: ServerTransaction; readonly dialog: Dialog };
  /** By which line of the account, as long as that is there; undefined for any. */
  readonly regId: () => RegId | undefined;
  /** On protected ways on every hop, as `sips:` has it (RFC 5630). */
  readonly secure: boolean;
  readonly anonymous?: boolean;
  readonly replaces?: Replaces | undefined;
  readonly referredBy?: string | undefined;
  /** How long it is to ring at most, in seconds. */
  readonly expires?: number | undefined;
  /** Told of 18x, of the answer (200) and of a failure, once each. */
  readonly progress?: ((status: number) => void) | undefined;
  /** It stands in for a broken call of the same `id`: unseen until it is answered, and then seen in its place. */
  readonly continues?: Continued | undefined;
  /** The call that this one takes the place of; ended once this one is answered. */
  readonly instead?: (() => void) | undefined;
}
