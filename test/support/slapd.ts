/** OpenLDAP's slapd on 127.0.0.1, plain, with StartTLS and by TLS: a directory that is not ours, with the people given. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeAuthority, makeCertificate } from './certificates.ts';
import { freePort } from './ports.ts';
import { until } from './until.ts';

export const LDAP_BASE = 'dc=office,dc=example';
export const LDAP_USER = `cn=reader,${LDAP_BASE}`;
export const LDAP_PASSWORD = 'let me read';

/** Fields of somebody, by name; several values in a list. */
export type LdapPerson = Readonly<Record<string, string | readonly string[]>>;

export interface SlapdOptions {
  readonly people: readonly LdapPerson[];
  /** Nobody reads without signing in. */
  readonly closed?: boolean;
}

export class Slapd {
  readonly port: number;
  readonly tlsPort: number;
  readonly #folder: string;
  readonly #process: ChildProcess;

  private constructor(port: number, folder: string, process: ChildProcess) {
    this.port = port;
    this.tlsPort = port + 1;
    this.#folder = folder;
    this.#process = process;
  }

  static async start({ people, closed = false }: SlapdOptions): Promise<Slapd> {
    const port = await freePort();
    const folder = await mkdtemp(join(tmpdir(), 'tandem-slapd-'));
    const path = (name: string): string => join(folder, name);
    const authority = await makeAuthority();
    const { cert, key } = await makeCertificate({ names: ['127.0.0.1'], by: authority });
    await mkdir(path('data'));
    const schemas = ['core', 'cosine', 'inetorgperson'].map((name) => `include /etc/ldap/schema/${name}.schema`);
    const module = ['/usr/lib/ldap', '/usr/lib/openldap'].find((place) => existsSync(join(place, 'back_mdb.so')));
    await Promise.all([
      writeFile(path('cert.pem'), `${cert}\n${authority.cert}`),
      writeFile(path('key.pem'), key),
      writeFile(path('ca.pem'), authority.cert),
      writeFile(path('people.ldif'), ldif(people)),
      writeFile(
        path('slapd.conf'),
        [
          ...schemas,
          ...(module === undefined ? [] : [`modulepath ${module}`, 'moduleload back_mdb']),
          `pidfile ${path('pid')}`,
          `TLSCertificateFile ${path('cert.pem')}`,
          `TLSCertificateKeyFile ${path('key.pem')}`,
          `TLSCACertificateFile ${path('ca.pem')}`,
          'database mdb',
          'maxsize 67108864',
          `suffix "${LDAP_BASE}"`,
          `rootdn "${LDAP_USER}"`,
          `rootpw "${LDAP_PASSWORD}"`,
          `directory ${path('data')}`,
          closed ? 'access to * by users read by anonymous auth' : 'access to * by * read',
          'index objectClass eq',
          'index cn,sn,givenName,mail eq,sub,approx',
          '',
        ].join('\n'),
      ),
    ]);
    const env = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/sbin` };
    execFileSync('slapadd', ['-q', '-f', path('slapd.conf'), '-l', path('people.ldif')], { env, stdio: 'pipe' });
    const urls = `ldap://127.0.0.1:${port}/ ldaps://127.0.0.1:${port + 1}/`;
    const started = spawn('slapd', ['-d', '0', '-f', path('slapd.conf'), '-h', urls], { env, stdio: 'ignore' });
    const server = new Slapd(port, folder, started);
    try {
      await until('slapd', () => server.accepts());
    } catch (error) {
      await server.stop();
      throw error;
    }
    return server;
  }

  async accepts(): Promise<boolean> {
    const socket = connect(this.tlsPort, '127.0.0.1');
    await once(socket, 'connect');
    socket.destroy();
    return true;
  }

  async stop(): Promise<void> {
    const { exitCode, signalCode } = this.#process;
    const gone = exitCode === null && signalCode === null ? once(this.#process, 'exit') : undefined;
    this.#process.kill('SIGKILL');
    await gone;
    await rm(this.#folder, { recursive: true, force: true });
  }
}

function ldif(people: readonly LdapPerson[]): string {
  const root = { dn: LDAP_BASE, objectClass: ['dcObject', 'organization'], dc: 'office', o: 'Office' };
  const entries = people.map((person, at) => ({
    ...{ dn: `uid=u${at},${LDAP_BASE}`, objectClass: 'inetOrgPerson', uid: `u${at}` },
    ...person,
  }));
  return [root, ...entries].map((entry) => `${Object.entries(entry).flatMap(lines).join('\n')}\n`).join('\n');
}

const lines = ([name, value]: [string, string | readonly string[]]): string[] =>
  [value].flat().map((one) => `${name}:: ${Buffer.from(one).toString('base64')}`);
