/** `tandem serve`: runs the exchange until it is asked to end. */
import type { CAC } from 'cac';
import * as v from 'valibot';
import { domainField } from '../../node/control/index.ts';
import { isOnlyLoopback } from '../../node/exchange/own-addresses.ts';
import { trustedNetworks } from '../../node/exchange/trusted.ts';
import { createLog, type Log, type LogLevel, logLevels } from '../../node/log.ts';
import { adjustable } from '../../node/settings/adjustable.ts';
import { defaultListeners, parseListener } from '../../node/start-options.ts';
import { systemReason } from '../../node/system-error.ts';
import { formatListenAddress, listenerName } from '../../node/transport/listen-address.ts';
import { type ExchangeMode, exchangeModes, type RedirectPolicy, redirectPolicies } from '../../server/settings.ts';
import type { Given } from '../arguments.ts';
import { CommandError, type Io, UsageError } from '../io.ts';
import { asUsage, dataDirOf, declare, say } from './common.ts';
import { limitOptionsOf, limitOptionTexts } from './limit-options.ts';
import { natOptionsOf, natOptionTexts } from './nat-options.ts';
import { registrarOptionsOf, registrarOptionTexts } from './registrar-options.ts';
import { traceOptionsOf, traceOptionTexts } from './trace-options.ts';
import { transportOptionsOf, transportOptionTexts } from './transport-options.ts';

export function addServe(cli: CAC, io: Io): void {
  const command = declare(cli, 'serve', 'Run the exchange', (given) => serve(given, io))
    .option('--domain <name>', 'Domain to be responsible for, the first being the default one (repeatable)')
    .option(
      '--listen <address>',
      'udp, tcp, tls, ws or wss://HOST:PORT[;advertise=HOST:PORT] (repeatable; without it UDP and TCP on 5060)',
    )
    .option('--loopback', 'Stay on 127.0.0.1: nobody else is reached, and nobody else reaches it')
    .option('--announce', 'Let Tandems on this network find the office by its name (mDNS)')
    .option('--mode <mode>', `How calls are passed on: ${exchangeModes.join(', ')} (without it proxy)`)
    .option('--trust <network>', 'Network that is never banned, such as 192.0.2.0/24 (repeatable; loopback is one)')
    .option(
      '--redirects <whose>',
      `Redirections that are followed here: ${redirectPolicies.join(', ')} (without it own)`,
    )
    .option('--route <file>', 'Ask a step of your own, in TypeScript or JavaScript, where calls go (docs/routing.md)')
    .option('--log-level <level>', `What is told on stderr: ${logLevels.join(', ')} (without it warn)`)
    .option('--log-file <file>', 'Log to this file instead of stderr')
    .example('  tandem serve --data office --domain example.org --listen udp://192.0.2.1:5060')
    .example('  tandem serve --data office --listen "tls://0.0.0.0:5061;advertise=sip.example.org:5061"');
  for (const [option, explanation] of transportOptionTexts) command.option(option, explanation);
  for (const [option, explanation] of registrarOptionTexts) command.option(option, explanation);
  for (const [option, explanation] of limitOptionTexts) command.option(option, explanation);
  for (const [option, explanation] of natOptionTexts) command.option(option, explanation);
  for (const [option, explanation] of traceOptionTexts) command.option(option, explanation);
}

async function serve(given: Given, io: Io): Promise<void> {
  const asked = io.asked();
  const route = given.text('route');
  const loopback = given.flag('loopback');
  const listen = listenersOf(given.texts('listen'));
  if (loopback && listen !== defaultListeners && !isOnlyLoopback(listen.map(parseListener))) {
    throw new UsageError(
      'With --loopback, --listen takes addresses of this computer alone, such as udp://127.0.0.1:5060.',
    );
  }
  const exchange = await io.startExchange({
    dataDir: dataDirOf(given, io),
    domains: given.texts('domain').map(domainOf),
    registrar: registrarOptionsOf(given),
    listen,
    ...(loopback ? { loopback } : {}),
    trust: networksOf(given.texts('trust')),
    ...transportOptionsOf(given),
    limits: limitOptionsOf(given),
    nat: natOptionsOf(given),
    trace: traceOptionsOf(given),
    mode: oneOf<ExchangeMode>('mode', exchangeModes, given.text('mode') ?? 'proxy'),
    redirects: oneOf<RedirectPolicy>('redirects', redirectPolicies, given.text('redirects') ?? 'own'),
    ...(given.flag('announce') && { announce: true }),
    fixed: fixedBy(given),
    ...(route === undefined ? {} : { route }),
    log: logOf(oneOf<LogLevel>('log-level', logLevels, given.text('logLevel') ?? 'warn'), given.text('logFile')),
  });
  say(given, io, { listeners: exchange.listeners }, `ready ${exchange.listeners.join(' ')}`);
  await asked;
  await exchange.close();
}

/** Settings whose option is there. */
const fixedBy = (given: Given): string[] =>
  [...adjustable.keys()].filter((name) => {
    const option = name.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase());
    return given.text(option) !== undefined;
  });

function logOf(level: LogLevel, file: string | undefined): Log {
  try {
    return createLog({ level, ...(file === undefined ? {} : { file }) });
  } catch (error) {
    throw new CommandError(`The log ${file} cannot be written: ${systemReason(error)}.`, { cause: error });
  }
}

function listenersOf(given: readonly string[]): readonly string[] {
  if (given.length === 0) return defaultListeners;
  const addresses = asUsage(() => given.map(parseListener));
  const names = addresses.filter(({ port }) => port !== 0).map(listenerName);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) throw new UsageError(`--listen ${twice} is there twice.`);
  return addresses.map(formatListenAddress);
}

function networksOf(given: readonly string[]): readonly string[] {
  asUsage(() => trustedNetworks(given, false));
  return given;
}

function domainOf(text: string): string {
  const checked = v.safeParse(domainField, text);
  if (!checked.success) throw new UsageError(`"${text}": ${checked.issues[0].message}`);
  return checked.output;
}

function oneOf<T extends string>(option: string, known: readonly T[], text: string): T {
  const found = known.find((one) => one === text);
  if (found === undefined) throw new UsageError(`--${option} is one of ${known.join(', ')}, not "${text}".`);
  return found;
}
