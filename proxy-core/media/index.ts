/** The public door of the media gateway. */
export { MediaGateway } from './gateway.ts';
export { RateLimit } from './rate-limit.ts';
