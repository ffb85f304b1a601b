/** The administration of an exchange in this process, on its open store. */
import * as v from 'valibot';
import { usualValues } from '../settings/adjustable.ts';
import { LiveSettings } from '../settings/live.ts';
import { NoSuchPlace, StoreError } from '../store/index.ts';
import type { AdminContext, ListMethod } from './area.ts';
import { createRecorder } from './audit/record.ts';
import { AdminError } from './errors.ts';
import {
  type ExchangeAdmin,
  type MethodName,
  methods,
  type Params,
  type Result,
  type Watched,
  type WatchName,
} from './methods.ts';
import type { AdminParts } from './parts.ts';
import { eventsOf, type OpenWatch, Watch } from './watch.ts';

export interface LocalAdmin extends ExchangeAdmin {
  /** The same for somebody else: what he changes is written down under his name. */
  as(by: string): LocalAdmin;
  /** As `watch`, for who fetches many events at once. */
  open<M extends WatchName>(method: M, params: Params<M>, snapshot: boolean): OpenWatch<Watched<M>>;
}

/** Settings are only stored where no exchange runs that they could change. */
export type AdminOptions = Omit<AdminParts, 'settings'> & Partial<Pick<AdminParts, 'settings'>>;

/** @param by who changes what is changed through it. */
export function createAdmin(given: AdminOptions, by = 'unknown'): LocalAdmin {
  const { store } = given;
  const settings = given.settings ?? new LiveSettings({ store, values: usualValues(), fixed: [] });
  const parts: AdminParts = { ...given, settings };
  const open = <M extends WatchName>(name: M, params: Params<M>, snapshot: boolean): OpenWatch<Watched<M>> => {
    // Each listing in the table has a type of its own; what goes in comes from its own schema.
    const {
      params: schema,
      handle,
      watch,
    } = methods[name] as unknown as ListMethod<v.GenericSchema, unknown, Watched<M>>;
    const query = checked(schema, params) as object;
    const page = (after: string | undefined, limit: number) => {
      const { items, ...rest } = handle({ ...query, after, limit }, parts) as {
        items: readonly unknown[];
        next?: string;
      };
      return { items: items.map(watch.keyOf), ...rest };
    };
    const { topic } = watch;
    return new Watch({ topic, page, one: (key) => watch.one(key, query, parts), snapshot }, parts.store.feed);
  };
  return {
    async call<M extends MethodName>(name: M, params: Params<M>): Promise<Result<M>> {
      const { params: schema, handle, changes } = methods[name];
      const given = checked(schema, params);
      const recorder = createRecorder(parts, { by, action: name });
      const recording: AdminContext['recording'] = (more) => createRecorder(parts, { by, action: name, ...more });
      try {
        // What the schema gave is what the handler beside it takes.
        const result = await handle(given as never, { ...parts, ...recorder, by, recording });
        if (changes && !recorder.hasRecorded()) recorder.note('');
        return result as Result<M>;
      } catch (error) {
        throw ofStore(error);
      }
    },
    as: (other) => createAdmin(parts, other),
    open,
    watch: (name, params, { snapshot = true, signal } = {}) => eventsOf(open(name, params, snapshot), signal),
  };
}

function checked(schema: v.GenericSchema, params: unknown): unknown {
  const result = v.safeParse(schema, params);
  if (!result.success) throw new AdminError('invalid', faultOf(result.issues[0]));
  return result.output;
}

function ofStore(error: unknown): unknown {
  if (error instanceof NoSuchPlace) return new AdminError('invalid', error.message, { cause: error });
  return error instanceof StoreError ? new AdminError('storage', error.message, { cause: error }) : error;
}

/** Our own sentences end in a full stop; valibot's name the type only and need the field before them. */
function faultOf(issue: v.BaseIssue<unknown>): string {
  if (issue.message.endsWith('.')) return issue.message;
  return `${v.getDotPath(issue) ?? 'The parameters'}: ${issue.message}.`;
}
