/** How one account makes and takes calls; a person may change it at any time. */

/** How digits are sent within a call: by itself, as telephone-event, as tones, or as INFO of two kinds. */
export const DTMF_WAYS = ['auto', 'rtp', 'tones', 'info-relay', 'info'] as const;
export type DtmfWay = (typeof DTMF_WAYS)[number];

/** `outside`: the person is asked about addresses outside the account's own domain. */
export const CONSENTS = ['always', 'outside', 'ask', 'never'] as const;
export type Consent = (typeof CONSENTS)[number];

/** `intercom`: calls that ask for it, from callers of the account's own domain. */
export const AUTO_ANSWERS = ['never', 'intercom', 'always'] as const;
export type AutoAnswer = (typeof AUTO_ANSWERS)[number];

/** Provisional responses that arrive for certain (RFC 3262): where the other side needs them, or wherever it can. */
export const RELIABLES = ['off', 'on', 'always'] as const;

/** What the other side hears while it is held. */
export const HOLD_SOUNDS = ['music', 'silence'] as const;

/** SRTP never, where the other side offers it, or always: then no call goes without. */
export const PROTECTIONS = ['never', 'offered', 'always'] as const;

/** How the keys of an own call are agreed on, where it must be protected: in its descriptions, or by DTLS. */
export const KEY_EXCHANGES = ['sdes', 'dtls'] as const;

/** Whether the way for sound is looked for with the other side (ICE): never, where it offers that, or in own calls too. */
export const ICE_WAYS = ['never', 'offered', 'always'] as const;

/** How a TURN server is reached. */
export const TURN_TRANSPORTS = ['udp', 'tcp', 'tls'] as const;

/**
 * What the server is told of the user: nothing, that he does not want to be disturbed, also that he is on the phone, or
 * all that and that he is there.
 */
export const PUBLISHES = ['never', 'busy', 'calls', 'always'] as const;

export interface CallSettings {
  readonly doNotDisturb: boolean;
  /** When that ends by itself, in ms since 1970; 0 for never. */
  readonly doNotDisturbUntil: number;
  /** Whether a second caller rings while a call is on. */
  readonly callWaiting: boolean;
  /** The number is kept from the people called. */
  readonly anonymous: boolean;
  readonly refuseAnonymous: boolean;
  readonly autoAnswer: AutoAnswer;
  readonly holdSound: (typeof HOLD_SOUNDS)[number];
  readonly dtmf: DtmfWay;
  /** Whether a called address may send the call elsewhere. */
  readonly redirects: Consent;
  /** Whether the other side of a call may have this phone call somebody else. */
  readonly transfers: Consent;
  /** Whether a call may be taken over by another phone that knows it: attended transfer and pickup. */
  readonly replaceable: boolean;
  readonly reliable: (typeof RELIABLES)[number];
  /** Seconds between signs of life of a call (RFC 4028); 0 for none. */
  readonly sessionSeconds: number;
  /** The other side describes its sound first, as some gateways want it. */
  readonly lateOffer: boolean;
  /** Every call is recorded from its answer on. */
  readonly record: boolean;
  /** Whether sound is protected towards the other side. */
  readonly protection: (typeof PROTECTIONS)[number];
  readonly keyExchange: (typeof KEY_EXCHANGES)[number];
  readonly ice: (typeof ICE_WAYS)[number];
  /** Tells how this computer is seen from outside, as typed; empty for none. */
  readonly stunServer: string;
  /** Relays sound where nothing else works, as typed; empty for none. Its password is kept with the account's own. */
  readonly turnServer: string;
  readonly turnTransport: (typeof TURN_TRANSPORTS)[number];
  readonly turnUser: string;
  readonly publish: (typeof PUBLISHES)[number];
  /** What is called to hear messages, as typed; where it is empty the mailbox is not watched either. */
  readonly voicemail: string;
}

export const callDefaults: CallSettings = {
  doNotDisturb: false,
  doNotDisturbUntil: 0,
  callWaiting: true,
  anonymous: false,
  refuseAnonymous: false,
  autoAnswer: 'never',
  holdSound: 'music',
  dtmf: 'auto',
  redirects: 'outside',
  transfers: 'outside',
  replaceable: true,
  reliable: 'on',
  sessionSeconds: 1_800,
  lateOffer: false,
  record: false,
  protection: 'offered',
  keyExchange: 'sdes',
  ice: 'offered',
  stunServer: '',
  turnServer: '',
  turnTransport: 'udp',
  turnUser: '',
  publish: 'busy',
  voicemail: '',
};
