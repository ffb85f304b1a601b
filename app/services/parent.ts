/** The wires that a service speaks on: to the process that started it, and through a port that it was handed. */
import type { MessageEvent, MessagePortMain, ParentPort } from 'electron';
import type { Wire } from '../shared/derive.ts';

export function parentWire(parent: ParentPort): Wire {
  return {
    post: (message) => parent.postMessage(message),
    receive(receiver) {
      const hear = (event: MessageEvent): void => receiver(event.data);
      parent.on('message', hear);
      return () => parent.removeListener('message', hear);
    },
  };
}

/** Messages that came before are kept by the port and delivered from now on. */
export function portWire(port: MessagePortMain): Wire {
  return {
    post: (message) => port.postMessage(message),
    receive(receiver) {
      const hear = (event: MessageEvent): void => receiver(event.data);
      port.on('message', hear);
      port.start();
      return () => port.removeListener('message', hear);
    },
  };
}
