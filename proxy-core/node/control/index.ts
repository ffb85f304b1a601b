/** Administration of an exchange, in this process or through the control socket of a running one. */
export { createAdmin } from './admin.ts';
export { connectControl, type RemoteAdmin } from './client.ts';
export { domainField } from './fields.ts';
export * from './methods.ts';
export { reachAdmin } from './reach.ts';
export { type ControlServer, listenControl } from './server.ts';
export { controlPath } from './socket-path.ts';
