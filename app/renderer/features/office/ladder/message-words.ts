/** What a message means, for whoever has never read SIP: methods, answers, header fields and lines of a description. */

import type { MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';
import type { LadderArrow } from '../../../store/office-types.ts';

const REQUESTS: Readonly<Record<string, MessageDescriptor>> = {
  INVITE: msg`asks for a call`,
  ACK: msg`confirms that the answer came`,
  BYE: msg`hangs up`,
  CANCEL: msg`takes the call back before anybody answered`,
  REGISTER: msg`says where the phone can be reached`,
  OPTIONS: msg`asks whether the other side is there`,
  PRACK: msg`confirms that the news on the way came`,
  UPDATE: msg`changes the call while it goes on`,
  INFO: msg`sends something within the call, such as a digit`,
  REFER: msg`asks to call somebody else: a transfer`,
  MESSAGE: msg`a text message`,
  SUBSCRIBE: msg`wants to be told of changes`,
  NOTIFY: msg`tells of a change`,
  PUBLISH: msg`tells its own state`,
};
const CHANGES_CALL = msg`changes the running call: hold, resume or another address`;

/** Of answers to one method, before those to all: `200 BYE`. */
const ANSWERS: Readonly<Record<string, MessageDescriptor>> = {
  '100': msg`has it and is at work`,
  '180': msg`the phone rings`,
  '181': msg`the call is being forwarded`,
  '182': msg`the call waits in a queue`,
  '183': msg`something can be heard before the answer`,
  '199': msg`one of several phones has ended it`,
  '200 INVITE': msg`has answered: they can talk`,
  '200 REGISTER': msg`the phone is registered`,
  '200 BYE': msg`agrees that the call is over`,
  '200 CANCEL': msg`has understood that the call was taken back`,
  '200': msg`done`,
  '202': msg`accepted; what becomes of it follows`,
  '204': msg`done, with nothing to say`,
  '300': msg`can be reached at several places`,
  '301': msg`has moved: call there from now on`,
  '302': msg`call there this time`,
  '305': msg`only by way of a proxy`,
  '400': msg`the message has a fault`,
  '401': msg`asks for the password, which is usual`,
  '403': msg`refuses: not allowed`,
  '404': msg`nobody has this number`,
  '405': msg`does not know what was asked for`,
  '406': msg`has nothing that the other side could read`,
  '407': msg`asks for the password, which is usual`,
  '408': msg`nobody answered in time`,
  '410': msg`is not there any more`,
  '412': msg`what it told before is out of date`,
  '413': msg`the message is too large`,
  '414': msg`the address is too long`,
  '415': msg`cannot read this kind of content`,
  '416': msg`cannot use this kind of address`,
  '420': msg`lacks an ability that was asked for`,
  '421': msg`wants an ability that the other side lacks`,
  '422': msg`the call is to be refreshed less often`,
  '423': msg`the registration is to last longer`,
  '428': msg`wants a signed identity`,
  '429': msg`wants to know who transfers`,
  '430': msg`this way to the phone has failed`,
  '433': msg`takes no calls of hidden numbers`,
  '439': msg`the first proxy does not know this way to register`,
  '440': msg`was forked too often`,
  '469': msg`does not know this kind of information`,
  '480': msg`cannot be reached now`,
  '481': msg`knows of no such call`,
  '482': msg`came here before: the call goes in a circle`,
  '483': msg`went through too many hands`,
  '484': msg`the number is not complete`,
  '485': msg`the address fits several`,
  '486': msg`is in another call`,
  '487': msg`the call was taken back`,
  '488': msg`no sound that both sides can use`,
  '489': msg`does not tell of this kind of change`,
  '491': msg`both sides changed the call at once; it is tried again`,
  '493': msg`cannot be read: sealed`,
  '494': msg`wants a protected connection`,
  '500': msg`a fault of the other side`,
  '501': msg`cannot do that`,
  '502': msg`a faulty answer from behind`,
  '503': msg`has too much to do, or is not in service`,
  '504': msg`somebody behind it did not answer`,
  '505': msg`speaks another version`,
  '513': msg`the message is too large`,
  '580': msg`the network lacks room for the call`,
  '600': msg`is in another call, on all phones`,
  '603': msg`has declined`,
  '604': msg`nobody anywhere has this number`,
  '606': msg`no sound that both sides can use`,
  '607': msg`does not want such calls`,
};
const CLASSES: readonly (MessageDescriptor | undefined)[] = [
  undefined,
  msg`is at work on it`,
  msg`done`,
  msg`is to be reached elsewhere`,
  msg`refuses`,
  msg`has failed`,
  msg`refuses for all phones`,
];

/** What the message says, in a few words; undefined for what nobody knows. */
export function meaningOf({ method, status, toTag }: LadderArrow): MessageDescriptor | undefined {
  if (status === undefined) {
    if (method === 'INVITE' && toTag !== undefined) return CHANGES_CALL;
    return method === undefined ? undefined : REQUESTS[method];
  }
  return ANSWERS[`${status} ${method}`] ?? ANSWERS[status] ?? CLASSES[Math.floor(status / 100)];
}
