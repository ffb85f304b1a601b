/** The options of `tandem serve` for what phones are told, and asked for, when they register. */
import type { RegistrarOptions } from '../../node/start-options.ts';
import { REGISTER_EXTENSIONS } from '../../server/register-extensions.ts';
import { parseUri } from '../../sip/grammar/uri.ts';
import type { Given } from '../arguments.ts';
import { UsageError } from '../io.ts';

/** Each option as it stands in the help, with its explanation. */
export const registrarOptionTexts: readonly (readonly [option: string, explanation: string])[] = [
  ['--service-route <uri>', 'Proxy that phones shall send their requests by, as sip:HOST;lr (repeatable, in order)'],
  ['--require-extension <tag>', `Let only phones register that know ${REGISTER_EXTENSIONS.join(', ')} (repeatable)`],
];

/** @throws UsageError naming the option that is wrong. */
export function registrarOptionsOf(given: Given): RegistrarOptions {
  return {
    serviceRoutes: given.texts('serviceRoute').map(routeOf),
    requiredExtensions: given.texts('requireExtension').map(extensionOf),
  };
}

function routeOf(text: string): string {
  const uri = parseUri(text);
  if (!uri.ok || !uri.value.isSip || !uri.value.has('lr')) {
    throw new UsageError(
      `--service-route is a SIP address with lr, such as "sip:proxy.example.org;lr", not "${text}".`,
    );
  }
  return `<${text}>`;
}

function extensionOf(text: string): string {
  const tag = text.toLowerCase();
  if (!REGISTER_EXTENSIONS.includes(tag)) {
    throw new UsageError(`--require-extension is one of ${REGISTER_EXTENSIONS.join(', ')}, not "${text}".`);
  }
  return tag;
}
