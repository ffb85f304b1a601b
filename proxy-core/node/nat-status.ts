/** What is counted of calls through NATs, for people and for monitoring. */
export interface NatStatus {
  /** Calls whose media passes through here now. */
  readonly relayedCalls: number;
  readonly packets: number;
  readonly bytes: number;
  /** Lost before they came here, told by their numbers. */
  readonly lost: number;
  /** From strangers, or for nobody. */
  readonly dropped: number;
  /** Calls that found no room, those of them whose caller had his share, and calls in which nothing was heard any more. */
  readonly refusedCalls: number;
  readonly overShareCalls: number;
  readonly silentCalls: number;
  /** Phones behind NATs that are pinged, and bindings given up because nobody answered. */
  readonly pinged: number;
  readonly expired: number;
}
