/** A small menu behind a button, with three dots unless it has an icon of its own. */
import { Ellipsis, type LucideIcon } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import type { ReactNode } from 'react';

export interface MenuProps {
  readonly icon?: LucideIcon;
  readonly label: string;
  readonly children: ReactNode;
}

/** Not modal: a modal one would add a style sheet to the page, which its security policy refuses. */
export function Menu({ icon: Icon = Ellipsis, label, children }: MenuProps) {
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger className="icon-button" aria-label={label} title={label}>
        <Icon aria-hidden="true" />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className="menu" align="end" sideOffset={4} collisionPadding={8}>
          {children}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

export interface MenuItemProps {
  readonly icon: LucideIcon;
  readonly danger?: boolean;
  readonly children: ReactNode;
  onSelect(): void;
}

export function MenuItem({ icon: Icon, danger = false, children, onSelect }: MenuItemProps) {
  return (
    <DropdownMenu.Item className="menu-item" data-danger={danger ? '' : undefined} onSelect={onSelect}>
      <Icon aria-hidden="true" />
      {children}
    </DropdownMenu.Item>
  );
}
