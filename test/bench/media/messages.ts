/** What the processes of the bench tell each other. */
import type { WantedProtection } from '../../../proxy-core/media/peer-protection.ts';

/** In the clear, or SRTP with keys in the description. */
export type Kind = 'rtp' | 'srtp';

export const protectionOf = (kind: Kind): WantedProtection => ({
  wanted: kind === 'rtp' ? 'never' : 'always',
  offered: 'sdes',
});

/** Asked of the process with the gateway, by those who talk (who name each question) or by the bench itself. */
export type GatewayAsk =
  | {
      readonly do: 'accept';
      readonly id: number;
      readonly kind: Kind;
      readonly webrtcOffer: string;
      readonly sipOffer: string;
    }
  | { readonly do: 'close-all'; readonly id: number }
  /** Microseconds of this process since it began. */
  | { readonly do: 'cpu'; readonly id: number }
  /** A socket that sends back what it gets: what is compared with. */
  | { readonly do: 'echo'; readonly id: number };

export type GatewayTold = { readonly id: number } & (
  | { readonly sipAnswer: string; readonly webrtcAnswer: string }
  | { readonly cpu: number }
  | { readonly port: number }
  | { readonly failed: string }
  | { readonly done: true }
);

/** What stands between the ends of a call: the gateway, plain sockets that send back, or rtpengine in the gateway's place. */
export type Way = Kind | 'echo' | `rtpengine-${Kind}`;

/** Asked of those who talk. */
export interface TalkAsk {
  readonly calls: number;
  readonly seconds: number;
  readonly way: Way;
}

export interface TalkTold {
  readonly sent: number;
  readonly lost: number;
  /** One way, ms, in order of size. */
  readonly delays: readonly number[];
  /** The longest time in which one side of a call heard nothing, ms. */
  readonly longestGap: number;
  /** Of one core that the program in the middle took meanwhile, in per cent. */
  readonly core: number;
}

/** From those who talk to the bench. */
export type TalkerSays =
  | { readonly ready: { readonly rtpengine: boolean } }
  | 'talking'
  | { readonly talked: TalkTold }
  | { readonly broke: string }
  | GatewayAsk;
