/** The public door of the media gateway. */
export { MediaGateway } from './gateway.ts';
