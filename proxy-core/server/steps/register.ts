/**
 * The registrar (RFC 3261 §10.3, with Path, Outbound, GRUU and Service-Route): answers when the bindings are durable,
 * with all that there are.
 */
import { buildResponse, type HeaderLine } from '../../sip/message/build.ts';
import { H } from '../../sip/message/names.ts';
import type { Gruus } from '../gruu.ts';
import { extensionHeaders } from '../register-extensions.ts';
import { applyRegistration } from '../registrar.ts';
import { type Registration, readRegistration } from '../registration.ts';
import type { RequestContext } from '../request-context.ts';
import { endIfRevoked } from '../revoked.ts';
import { answer, type Outcome, type Step } from '../step.ts';
import { aorOf, type Binding, type User } from '../stores.ts';

export const register: Step = {
  name: 'register',
  run(context: RequestContext): Outcome | Promise<Outcome> {
    const { request, exchange, user, device } = context;
    if (request.method !== 'REGISTER' || context.domain === undefined) return 'continue';
    if (user === undefined) return answer(403);
    const read = readRegistration(request, context.source);
    if (!read.ok) return read.error;
    const registration = read.value;
    if (namesItself(context, registration)) return answer(403, 'A Contact Must Not Be the Address It Stands For');
    const now = exchange.clock.now();
    const aor = aorOf(user.number, user.domain);
    const known = exchange.locations.lookup(aor, now);
    const change = applyRegistration({ aor, known, registration, device, now, settings: exchange.settings });
    if (!change.ok) return change.error;
    if (change.value === known) return success(context, registration, known, user);
    const bindings = change.value;
    tellFlows(context, known, bindings);
    return exchange.locations.replace(aor, bindings).then(
      () => {
        const revoked = endIfRevoked(context, user, aor);
        if (revoked !== undefined) return revoked;
        for (const binding of bindings) exchange.nat.keepAlive?.watch(binding);
        const outcome = success(context, registration, bindings, user);
        // After the answer: before it a phone may not listen.
        exchange.messages.registered(aor);
        const { returning } = exchange.livingFlows;
        for (const binding of bindings) {
          if (known.includes(binding)) continue;
          if (returning.size > 0) returning.registered(binding);
          exchange.restless?.registered(binding, known, bindings, now);
        }
        return outcome;
      },
      (cause: unknown) => {
        exchange.log.error('could not keep a registration', { aor, cause });
        return answer(500, 'Registration Could Not Be Stored');
      },
    );
  },
};

/** Before they are stored: the connection may end while that goes on. */
function tellFlows({ exchange, source }: RequestContext, known: readonly Binding[], now: readonly Binding[]): void {
  if (source.transport === 'UDP') return;
  for (const binding of now) if (!known.includes(binding)) exchange.livingFlows.registered(binding, source.flow);
}

/** A device that gives its own address of record or GRUU as its Contact would be called in a circle (RFC 5627 §5.1). */
function namesItself({ exchange, user }: RequestContext, { contacts }: Registration): boolean {
  if (contacts === 'all') return false;
  for (const { uri, instance } of contacts) {
    if (instance === '' || uri.user === '') continue;
    const domain = exchange.identity.domainOf(uri);
    if (domain === undefined) continue;
    if (uri.has('gr') || exchange.users.find(uri.userDecoded, domain) === user) return true;
  }
  return false;
}

function success(
  { request, source, transaction, exchange }: RequestContext,
  registration: Registration,
  bindings: readonly Binding[],
  user: User,
): Outcome {
  const now = exchange.clock.now();
  const headers: HeaderLine[] = [];
  for (const binding of bindings) {
    const value = contactValue(binding, now);
    const hasGruu = registration.knowsGruu && binding.instance !== '';
    headers.push([H.Contact, hasGruu ? value + gruuParams(exchange.gruus, user, binding) : value]);
  }
  headers.push(...extensionHeaders(registration, source, exchange.settings));
  headers.push([H.Date, new Date(now).toUTCString()], [H.Server, exchange.settings.product]);
  transaction.respond(buildResponse(request, 200, { toTag: exchange.random(8), headers }));
  return 'taken';
}

function contactValue(binding: Binding, now: number): string {
  const q = binding.q === 1000 ? '' : `;q=${(binding.q / 1000).toFixed(3).replace(/0+$/, '').replace(/\.$/, '')}`;
  const instance = binding.instance === '' ? '' : `;+sip.instance="<${binding.instance}>"`;
  const regId = binding.regId === 0 ? '' : `;reg-id=${binding.regId}`;
  const expires = Math.max(1, Math.ceil((binding.expiresAt - now) / 1000));
  return `<${binding.contact}>${q};expires=${expires}${instance}${regId}`;
}

function gruuParams(gruus: Gruus, user: User, binding: Binding): string {
  return `;pub-gruu="${gruus.publicOf(user, binding.instance)}";temp-gruu="${gruus.temporaryOf(user, binding)}"`;
}
