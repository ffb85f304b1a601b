/** What the settings are made of: sections, their panels, and what stands in those. */
import type { LucideIcon } from 'lucide-react';
import type { ComponentType } from 'react';
import type { Account } from '../../store/types.ts';
import type { SettingsSection } from '../../store/view-store.ts';

export interface Section {
  readonly id: SettingsSection;
  readonly name: string;
  readonly icon: LucideIcon;
}

/** One thing that is set, by the label that it bears on the page. */
export interface Control {
  readonly name: string;
  /** Other words by which it may be looked for, with commas. */
  readonly words?: string;
}

interface PanelWords {
  readonly id: string;
  readonly section: SettingsSection;
  /** Its heading. */
  readonly name: string;
  /** Other words by which it may be looked for, with commas. */
  readonly words: string;
  /** What stands in it. */
  readonly controls?: readonly Control[];
}

/** Of this computer, or of one of its accounts. */
export type Panel = PanelWords &
  ({ readonly show: ComponentType } | { readonly showOf: ComponentType<{ readonly account: Account }> });
