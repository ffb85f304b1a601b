/** The administration of an exchange in this process, on its open store. */
import * as v from 'valibot';
import { StoreError } from '../store/index.ts';
import type { AdminParts } from './area.ts';
import { AdminError } from './errors.ts';
import { type ExchangeAdmin, type MethodName, methods, type Params, type Result } from './methods.ts';

export function createAdmin(parts: AdminParts): ExchangeAdmin {
  return {
    async call<M extends MethodName>(name: M, params: Params<M>): Promise<Result<M>> {
      const { params: schema, handle } = methods[name];
      const checked = v.safeParse(schema, params);
      if (!checked.success) throw new AdminError('invalid', faultOf(checked.issues[0]));
      try {
        // What the schema gave is what the handler beside it takes.
        return (await handle(checked.output as never, parts)) as Result<M>;
      } catch (error) {
        if (error instanceof StoreError) throw new AdminError('storage', error.message, { cause: error });
        throw error;
      }
    },
  };
}

/** Our own sentences end in a full stop; valibot's name the type only and need the field before them. */
function faultOf(issue: v.BaseIssue<unknown>): string {
  if (issue.message.endsWith('.')) return issue.message;
  return `${v.getDotPath(issue) ?? 'The parameters'}: ${issue.message}.`;
}
