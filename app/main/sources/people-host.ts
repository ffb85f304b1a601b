/** Runs the process that asks servers for people, from the first question on. */
import { type PeopleServiceSchema, peopleServiceSchema } from '../../shared/people-service.ts';
import type { Client } from '../../shared/schema.ts';
import { forkService, type Service } from '../service-process.ts';
import { createSupervisor } from '../supervisor.ts';
import { after } from '../timers.ts';

export interface PeopleHost {
  /** Throws while the process, having ended, is not there again. */
  client(): Client<PeopleServiceSchema>;
  stop(): Promise<void>;
}

const CLOSE_MS = 500;

export function createPeopleHost({ script, loopback }: { script: string; loopback: boolean }): PeopleHost {
  const supervisor = createSupervisor<Service<PeopleServiceSchema>>({
    fork: () => forkService({ script, name: 'Tandem people service', schema: peopleServiceSchema }),
    up({ link }) {
      link.client.service.configure({ loopback }).catch((error: Error) => console.error(error.message));
    },
    down: (code, retryMs) => console.error(`The people service ended (${code}); it starts again in ${retryMs} ms.`),
    after,
    now: Date.now,
  });
  return {
    client() {
      supervisor.start();
      const { current } = supervisor;
      if (current === undefined) throw new Error('What asks servers for people is just being started again.');
      return current.link.client;
    },
    stop: () => supervisor.stop(({ link }) => link.client.service.close(), CLOSE_MS),
  };
}
