/**
 * How our phone finds its server in a real DNS (RFC 3263): NAPTR says by which transport, SRV where, and what does not
 * answer is passed over. In network namespaces, with the resolver of the system. Needs root.
 */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { DnsServer } from '../support/dns-server.ts';
import { tandem } from '../support/exchange-process.ts';
import { EXCHANGE_ADDRESS } from '../support/netns.ts';
import { PASSWORD, PhoneLab } from './phone-process/lab.ts';

const DOMAIN = 'office.example';
const closers: (() => unknown)[] = [];
let lab: PhoneLab;

beforeEach(async () => {
  lab = await PhoneLab.open([]);
  closers.push(() => lab.close());
  const { dataDir } = lab.exchange;
  await tandem('domain', 'add', DOMAIN, '--data', dataDir);
  for (const number of ['1001', '1002']) {
    await tandem('user', 'add', `${number}@${DOMAIN}`, '--password', PASSWORD, '--data', dataDir);
  }
});
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

it('takes the transport of NAPTR and the next server of SRV where the first is down, and calls', async () => {
  const { net, exchange } = lab;
  const dns = await DnsServer.start({
    namespace: net.exchange,
    address: EXCHANGE_ADDRESS,
    records: [
      `--local=/${DOMAIN}/`,
      `--naptr-record=${DOMAIN},10,1,s,SIP+D2T,,_sip._tcp.${DOMAIN}`,
      `--naptr-record=${DOMAIN},20,1,s,SIP+D2U,,_sip._udp.${DOMAIN}`,
      // Nobody is there.
      `--srv-host=_sip._tcp.${DOMAIN},dead.${DOMAIN},5060,1,0`,
      `--srv-host=_sip._tcp.${DOMAIN},alive.${DOMAIN},${exchange.port},2,0`,
      `--host-record=dead.${DOMAIN},203.0.113.9`,
      `--host-record=alive.${DOMAIN},${EXCHANGE_ADDRESS}`,
    ],
  });
  closers.push(() => dns.close());
  const [here, there] = [net.host(), net.host()];
  for (const site of [here, there]) net.askAt(site, EXCHANGE_ADDRESS);
  const [anna, ben] = await Promise.all([lab.phone(here, '1001', {}, DOMAIN), lab.phone(there, '1002', {}, DOMAIN)]);
  expect(dns.asked).toEqual(
    expect.arrayContaining([`query[NAPTR] ${DOMAIN}`, `query[SRV] _sip._tcp.${DOMAIN}`, `query[A] alive.${DOMAIN}`]),
  );
  const bindings: { received: string }[] = JSON.parse(
    await tandem('location', 'list', '--json', '--data', exchange.dataDir),
  );
  expect(bindings.map(({ received }) => received.split(':')[0])).toEqual(['tcp', 'tcp']);
  anna.tell({ call: '1002' });
  await ben.shows('the call', ({ calls: [call] }) => call?.state === 'incoming');
  ben.tell({ answer: true });
  await Promise.all([anna.hearsMore(), ben.hearsMore()]);
});
