import { expect, test } from 'vitest';
import { initials } from '../../../../../app/renderer/ui/avatar.tsx';

test.each([
  ['Jana Dvořáková', 'JD'],
  ['Miguel Ángel Torres', 'MT'],
  ['reception', 'R'],
  ['1002', ''],
  ['+420 221', ''],
  ['', ''],
  ['𝒜da Lovelace', '𝒜L'],
])('%s is drawn as %s', (name, letters) => expect(initials(name)).toBe(letters));
