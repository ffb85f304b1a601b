/**
 * Reads a server as a person types it: `host`, `host:port` or `sip:host:port;transport=tcp`. Used where the window checks
 * a field, where the softphone makes addresses from it and where the phone service looks for its computer.
 */
export interface ServerAddress {
  /** Name or address as typed, in lower case; IPv6 in brackets. */
  readonly host: string;
  /** Undefined: found by DNS, else 5060. */
  readonly port: number | undefined;
  /** Undefined: found by DNS, else UDP. */
  readonly transport: 'UDP' | 'TCP' | undefined;
}

export type ReadServer =
  | { readonly ok: true; readonly value: ServerAddress }
  | { readonly ok: false; readonly reason: string };

const NAME = /^(?=.{1,253}$)[a-z0-9_](?:[a-z0-9_-]{0,62})(?:\.[a-z0-9_](?:[a-z0-9_-]{0,62}))*\.?$/;
const V6 = /^\[[0-9a-f:.]{2,45}\]$/;

export function readServer(text: string): ReadServer {
  const typed = text.trim();
  if (typed === '') return refuse('Type the name or address of the server.');
  if (/\s/.test(typed)) return refuse('The name of a server has no spaces in it.');
  const scheme = /^([a-z][a-z0-9+.-]*):(?!\d+(?:$|;))/i.exec(typed)?.[1]?.toLowerCase();
  if (scheme === 'sips') return refuse('Tandem reaches servers by UDP or TCP; encrypted signalling is not there yet.');
  if (scheme !== undefined && scheme !== 'sip' && !typed.startsWith('[')) {
    return refuse(`${typed} is not a server; type something like office.example or 192.0.2.10:5060.`);
  }
  const [address = '', ...params] = (scheme === 'sip' ? typed.slice(4) : typed).toLowerCase().split(';');
  const hostAndPort = address.slice(address.lastIndexOf('@') + 1);
  const match = /^(\[[^\]]*\]|[^:]*)(?::(\d{1,5}))?$/.exec(hostAndPort);
  const host = match?.[1] ?? '';
  if (match === null || !(V6.test(host) || NAME.test(host))) {
    return refuse(`${typed} is not a server; type something like office.example or 192.0.2.10:5060.`);
  }
  const port = match[2] === undefined ? undefined : Number(match[2]);
  if (port !== undefined && (port < 1 || port > 65_535))
    return refuse(`${port} is not a port; ports go from 1 to 65535.`);
  const transport = params.find((param) => param.startsWith('transport='))?.slice('transport='.length);
  if (transport !== undefined && transport !== 'udp' && transport !== 'tcp') {
    return refuse(`Tandem reaches servers by UDP or TCP, not by ${transport.toUpperCase()}.`);
  }
  return {
    ok: true,
    value: { host, port, transport: transport === undefined ? undefined : transport === 'tcp' ? 'TCP' : 'UDP' },
  };
}

const refuse = (reason: string): ReadServer => ({ ok: false, reason });
