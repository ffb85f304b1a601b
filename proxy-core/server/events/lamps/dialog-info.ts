/** The document of the dialog event package (RFC 4235 §4), in pieces that are made once for all who watch. */

import { escaped, XML_HEAD } from '../../../sip/bodies/xml.ts';
import { toBytes } from '../../../sip/grammar/text.ts';
import { escapeUser } from '../../../sip/grammar/uri.ts';
import type { DialogView } from './call-view.ts';

/** @param own URI of the user; @param withParties whether the other side is told, and what a pickup needs. */
export function dialogXml(view: DialogView, own: string, withParties: boolean): string {
  const { id, callId, localTag, remoteTag, direction, state, event, remote } = view;
  const tag = (name: string, value: string | undefined): string =>
    value === undefined || value === '' ? '' : ` ${name}="${escaped(value)}"`;
  const ids = withParties ? tag('call-id', callId) + tag('local-tag', localTag) + tag('remote-tag', remoteTag) : '';
  const why = event === undefined ? '' : ` event="${event}"`;
  return (
    `<dialog id="${id}"${ids} direction="${direction}"><state${why}>${state}</state>` +
    (withParties ? `${partyXml('local', own, '')}${partyXml('remote', uriOf(remote), remote.name)}` : '') +
    '</dialog>\n'
  );
}

export const dialogInfoXml = (entity: string, version: number, isFull: boolean, dialogs: string): string =>
  `${XML_HEAD}<dialog-info xmlns="urn:ietf:params:xml:ns:dialog-info" version="${version}"` +
  ` state="${isFull ? 'full' : 'partial'}" entity="${escaped(entity)}">\n${dialogs}</dialog-info>\n`;

function partyXml(side: 'local' | 'remote', uri: string, name: string): string {
  const text = escaped(uri);
  const display = name === '' ? '' : ` display="${escaped(name)}"`;
  return `<${side}><identity${display}>${text}</identity><target uri="${text}"/></${side}>`;
}

const uriOf = ({ number, domain }: DialogView['remote']): string =>
  number === '' ? `sip:${domain}` : `sip:${escapeUser(toBytes(number))}@${domain}`;
