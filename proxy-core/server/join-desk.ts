/** Whoever takes the codes by which somebody new comes in; what it hears and says is not SIP's business. */

export interface JoinAnswer {
  readonly status: number;
  readonly reason?: string;
  readonly body?: { readonly type: string; readonly content: string };
}

export interface JoinDesk {
  /** @param body as it came, a binary string; @param host whose connection it came by. */
  hear(body: string, host: string): JoinAnswer | Promise<JoinAnswer>;
}
