/** The registrar (RFC 3261 §10.3, RFC 3327 Path): answers when the bindings are durable, with all that there are. */
import { buildResponse, type HeaderLine } from '../../sip/message/build.ts';
import { H } from '../../sip/message/names.ts';
import { optionTags } from '../../sip/message/parse.ts';
import { applyRegistration } from '../registrar.ts';
import { readRegistration } from '../registration.ts';
import type { RequestContext } from '../request-context.ts';
import { answer, type Outcome, type Step } from '../step.ts';
import { aorOf, type Binding } from '../stores.ts';

export const register: Step = {
  name: 'register',
  run(context: RequestContext): Outcome | Promise<Outcome> {
    const { request, exchange, user } = context;
    if (request.method !== 'REGISTER' || context.domain === undefined) return 'continue';
    if (user === undefined) return answer(403);
    const unknown = optionTags(request, H.Require).filter((tag) => tag !== 'path');
    if (unknown.length > 0) return answer(420, undefined, [[H.Unsupported, unknown.join(', ')]]);
    const registration = readRegistration(request, context.source);
    if (!registration.ok) return answer(400, `Bad Request - ${registration.error}`);
    const now = exchange.clock.now();
    const aor = aorOf(user.number, user.domain);
    const known = exchange.locations.lookup(aor, now);
    const change = applyRegistration({
      aor,
      known,
      registration: registration.value,
      now,
      settings: exchange.settings,
    });
    if (!change.ok) return change.error;
    if (change.value === known) return success(context, known);
    const bindings = change.value;
    return exchange.locations.replace(aor, bindings).then(
      () => success(context, bindings),
      (cause: unknown) => {
        exchange.log.error('could not keep a registration', { aor, cause });
        return answer(500, 'Registration Could Not Be Stored');
      },
    );
  },
};

function success({ request, transaction, exchange }: RequestContext, bindings: readonly Binding[]): Outcome {
  const now = exchange.clock.now();
  const headers: HeaderLine[] = bindings.map((binding) => [H.Contact, contactValue(binding, now)]);
  for (const path of request.list(H.Path)) headers.push([H.Path, path]);
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
