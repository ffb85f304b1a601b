/** The public door of the media gateway. */
export { type MediaClock, type RandomBelow, systemClock } from './clock.ts';
export { MediaGateway, type MediaGatewayOptions, type SilenceNotice } from './gateway.ts';
export type { PortRange } from './port-pair.ts';
export type { RelayStats } from './relay.ts';
export type { MediaFailure, MediaResult } from './session.ts';
export { SILENCE_MS, type SilenceCause } from './silence.ts';
