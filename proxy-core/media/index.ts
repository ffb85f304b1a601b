/** The public door of the media gateway. */

export { MediaGateway } from './gateway.ts';
export type { IceServers } from './gathering.ts';
export { RateLimit } from './rate-limit.ts';
