/** The link of a code, as it stands in a QR code, in a message or on paper: the code, and where the office is. */
import { readServer } from './server-address.ts';

export interface JoinLink {
  /** As it was written; whether it is one is for others to say. */
  readonly code: string;
  /** Such as `192.0.2.10:5060`, or `sip:office.example;transport=tls`. */
  readonly server: string;
}

/** An office that was found on this network, or that a link leads to. */
export interface FoundOffice {
  readonly name: string;
  readonly server: string;
}

const MAX_LINK = 600;

export const writeJoinLink = ({ code, server }: JoinLink): string =>
  `tandem:join?${new URLSearchParams({ code: code.replaceAll('-', ''), office: server })}`;

/** Undefined for anything else. */
export function readJoinLink(text: string): JoinLink | undefined {
  const typed = text.trim();
  const query = typed.length > MAX_LINK ? undefined : /^tandem:(?:\/\/)?join\/?\?(.*)$/i.exec(typed)?.[1];
  if (query === undefined) return undefined;
  const fields = new URLSearchParams(query);
  const [code, server] = [fields.get('code') ?? '', fields.get('office') ?? ''];
  return code !== '' && readServer(server).ok ? { code, server } : undefined;
}
