/**
 * Declares calls and events once; both ends of the bridge are derived from the declaration, so that
 * a method cannot exist on one side only or with another shape.
 */

/** A request with one answer. `Args` and `Result` survive structured cloning. */
export interface Call<Args, Result> {
  readonly kind: 'call';
  readonly shape?: (args: Args) => Result;
}

/** A notice without an answer. */
export interface Event<Payload> {
  readonly kind: 'event';
  readonly shape?: (payload: Payload) => void;
}

export type Group = Readonly<Record<string, Call<never, unknown> | Event<never>>>;
export type Schema = Readonly<Record<string, Group>>;

export const call = <Args, Result>(): Call<Args, Result> => ({ kind: 'call' });
export const event = <Payload>(): Event<Payload> => ({ kind: 'event' });

/** What the calling side holds: calls return promises, events are subscribed to and give back their unsubscriber. */
export type Client<S extends Schema> = {
  readonly [G in keyof S]: {
    readonly [M in keyof S[G]]: S[G][M] extends Call<infer Args, infer Result>
      ? (args: Args) => Promise<Result>
      : S[G][M] extends Event<infer Payload>
        ? (listener: (payload: Payload) => void) => () => void
        : never;
  };
};

/** What the answering side provides: one handler for each call of the schema. */
export type Handlers<S extends Schema> = {
  readonly [G in keyof S]: {
    readonly [M in keyof S[G] as S[G][M] extends Call<never, unknown> ? M : never]: S[G][M] extends Call<
      infer Args,
      infer Result
    >
      ? (args: Args) => Result | Promise<Result>
      : never;
  };
};

/** What the answering side uses to tell the other side of events. */
export type Emitters<S extends Schema> = {
  readonly [G in keyof S]: {
    readonly [M in keyof S[G] as S[G][M] extends Event<never> ? M : never]: S[G][M] extends Event<infer Payload>
      ? (payload: Payload) => void
      : never;
  };
};
