/** What the listings of the exchange hold and take, by their names. */
import type { OfficeParams, Result } from '../../shared/office-admin.ts';
import type { ListName } from './office-admin.ts';

export type ListItem<M extends ListName> = Result<M> extends { readonly items: readonly (infer Item)[] } ? Item : never;

/** What is wanted of it; where a page begins is the list's own affair. */
export type ListQuery<M extends ListName> = Omit<OfficeParams<M>, 'after' | 'limit'>;

export type { HandlingInfo, UserInfo } from '../../shared/office-admin.ts';
