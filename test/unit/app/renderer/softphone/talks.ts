/** Answered calls in a world, and what their other sides say in them. */
import { expect } from 'vitest';
import type { HeaderLine } from '../../../../../proxy-core/sip/message/build.ts';
import type { SipRequest, SipResponse } from '../../../../../proxy-core/sip/message/message.ts';
import { H } from '../../../../../proxy-core/sip/message/names.ts';
import { sdp, settle, type World } from './phone-world.ts';

export interface Talk {
  readonly id: string;
  readonly invite: SipRequest;
  /** As the other side names it. */
  readonly dialog: { readonly callId: string; readonly local: string; readonly remote: string };
}

const EVERYTHING = 'INVITE, ACK, CANCEL, BYE, INFO, UPDATE, PRACK, REFER, NOTIFY, OPTIONS';
const ALLOW: HeaderLine = [H.Allow, EVERYTHING];

/** Calls `number`, which answers with `headers`. What goes out meanwhile in other calls stays to be read. */
export async function talkTo(world: World, number = '1002', headers: readonly HeaderLine[] = [ALLOW]): Promise<Talk> {
  const made = world.softphone.call(number);
  if (!made.ok) throw new Error(made.reason);
  const invite = await world.nextRequest('INVITE');
  const tag = `tag-${number}`;
  world.answer(invite, 200, tag, sdp(`theirs-${number}`), headers);
  const ack = await world.nextRequest('ACK', invite.callId);
  expect(ack.cseq).toBe(invite.cseq);
  await settle();
  expect(callOf(world, made.callId).state).toBe('active');
  return { id: made.callId, invite, dialog: dialogOf(invite, tag) };
}

export const dialogOf = (invite: SipRequest, tag: string) => ({
  callId: invite.callId,
  local: `<${invite.from.uriText}>;tag=${invite.from.tag}`,
  remote: `<${invite.to.uriText}>;tag=${tag}`,
});

/** A call from outside that is answered here. */
export async function answeredFrom(world: World, headers: readonly HeaderLine[] = [ALLOW]): Promise<Talk> {
  const invite = world.invite(sdp('theirs'), headers);
  await world.nextResponse(180);
  await settle();
  const id = world.calls.find((call) => call.state === 'incoming')?.id ?? '';
  world.softphone.answer(id);
  const ok = await world.nextResponse(200);
  const dialog = {
    callId: invite.callId,
    local: `${invite.to.toString()};tag=${ok.to.tag}`,
    remote: invite.from.toString(),
  };
  world.inDialog('ACK', { ...dialog, cseq: invite.cseq });
  await settle();
  expect(callOf(world, id).state).toBe('active');
  return { id, invite, dialog };
}

export function callOf(world: World, id: string) {
  const call = world.calls.find((one) => one.id === id);
  if (call === undefined) throw new Error(`there is no call ${id}`);
  return call;
}

/** The direction in the description of a message. */
export const directionIn = ({ body }: SipRequest | SipResponse): string | undefined =>
  /^a=(sendrecv|sendonly|recvonly|inactive)/m.exec(body)?.[1];

/** Accepts the re-INVITE that the phone sends next in this call, and takes its ACK. */
export async function acceptChange(world: World, talk: Talk, direction: string): Promise<SipRequest> {
  const reinvite = await world.nextRequest('INVITE', talk.dialog.callId);
  world.reply(reinvite, 200, {
    headers: [[H.Contact, '<sip:peer@127.0.0.1:5070>'], ALLOW],
    body: { type: 'application/sdp', content: sdp('changed', direction) },
  });
  const ack = await world.nextRequest('ACK', talk.dialog.callId);
  expect(ack.cseq).toBe(reinvite.cseq);
  await settle();
  return reinvite;
}
