/**
 * Who may send this? A user of ours proves it with a digest (RFC 3261 §22, RFC 7616, 8760) and may send under his own
 * name only. Others may reach our users, and nobody may use us as a relay from abroad to abroad.
 */
import type { HeaderLine } from '../../sip/message/build.ts';
import { H } from '../../sip/message/names.ts';
import { staysInDialog } from '../dialog-ends.ts';
import { isMadeFor } from '../digest-uri.ts';
import { NOT_YOUR_ADDRESS, NOT_YOUR_NAME, nameIn, RELAYING_DENIED } from '../refused.ts';
import { refusedExtension } from '../register-extensions.ts';
import type { RequestContext } from '../request-context.ts';
import { answer, type Outcome, type Step } from '../step.ts';
import type { User } from '../stores.ts';

export const authenticate: Step = {
  name: 'authenticate',
  run(context: RequestContext): Outcome {
    const { request, exchange, domain } = context;
    if (context.inDialog && staysInDialog(context)) return 'continue';
    const registers = request.method === 'REGISTER' && domain !== undefined;
    // What is not understood is refused before anyone is asked who he is (§10.3 steps 2 and 3).
    const refused = registers ? refusedExtension(request, exchange.settings) : undefined;
    if (refused !== undefined) return refused;
    const claimed = registers ? request.to.uri : request.from.uri;
    if (!claimed.ok) return answer(400, `Bad Request - a malformed ${registers ? 'To' : 'From'}`);
    const home = exchange.identity.claimedDomain(claimed.value);
    if (home === undefined) {
      if (registers) return claimed.value.isSip ? answer(404) : answer(400, 'Bad Request - To is not a SIP URI');
      // A Route leads away from our users to whomever the stranger chose.
      return domain === undefined || context.routes.length > 0 ? answer(403, RELAYING_DENIED) : 'continue';
    }
    // A name stands for its own users only, an address of ours for those of every domain (§10.3 step 5).
    if (registers && home !== domain && exchange.users.hasDomain(context.uri.host.toLowerCase())) return answer(404);
    // A registrar and a notifier answer as servers; a proxy only asks on the way (§22.2, §22.3).
    const isServer =
      registers || exchange.events.serves(request, domain) || exchange.quality?.serves(request, domain) === true;
    const credentials = isServer ? H.Authorization : H.ProxyAuthorization;
    const proof = exchange.authenticator.verify(request, credentials, home);
    if (proof.result !== 'ok') {
      if (proof.result === 'wrong') {
        const isKnown = exchange.users.find(claimed.value.userDecoded, home) !== undefined;
        const kind = isKnown ? 'password' : 'stranger';
        exchange.guard.accuse(context.source.host, 'password', nameIn(claimed.value), kind);
      } else exchange.guard.challenged(context.source.host);
      const header = isServer ? H.WwwAuthenticate : H.ProxyAuthenticate;
      const challenges = exchange.authenticator.challenges(request, home, proof.result === 'stale');
      const headers: HeaderLine[] = challenges.map((challenge) => [header, challenge]);
      // A phone of ours tells the office which computer it is on, and nobody else.
      if (registers) headers.push([H.Server, exchange.settings.product]);
      // Every phone is asked first, and half a minute is long; but a wrong password counts once, however often it comes.
      return { ...answer(isServer ? 401 : 407, undefined, headers), isForgotten: proof.result !== 'wrong' };
    }
    if (!isMadeFor(proof.uri, request, exchange.identity)) {
      return answer(400, 'Bad Request - credentials for another Request-URI');
    }
    // Inside a dialog From is who was called, a group or another user who forwards, as often as the sender's own number.
    if (!context.inDialog && !isOwn(proof.user, claimed.value.userDecoded))
      return answer(403, registers ? NOT_YOUR_ADDRESS : NOT_YOUR_NAME);
    exchange.guard.proved(context.source.host);
    context.user = proof.user;
    context.device = proof.device;
    return 'continue';
  },
};

const isOwn = (user: User, number: string): boolean =>
  number === user.number || user.aliases?.includes(number) === true;
