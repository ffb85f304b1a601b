/**
 * Bindings to targets, one for each device: the flows of one instance stand in for each other and are never tried at
 * the same time (RFC 5626 §7).
 */
import type { Binding } from './stores.ts';
import { bindingTarget, type Target } from './targets.ts';

/**
 * @param bindings in the order of preference.
 * @returns one target for every device, best first. Its `next` is another way to the same device, for when the flow
 * turns out to have failed.
 */
export function deviceTargets(bindings: readonly Binding[]): Target[] {
  const targets: Target[] = [];
  for (const binding of bindings) {
    const target = bindingTarget(binding);
    if (target !== undefined) targets.push(target);
  }
  return targets.length < 2 ? targets : onePerInstance(bindings, targets);
}

function onePerInstance(bindings: readonly Binding[], targets: Target[]): Target[] {
  const flows = new Map<string, Target[]>();
  let shared = false;
  for (const binding of bindings) {
    const target = bindingTarget(binding);
    if (target === undefined || binding.instance === '') continue;
    const others = flows.get(binding.instance);
    if (others === undefined) flows.set(binding.instance, [target]);
    else {
      others.push(target);
      shared = true;
    }
  }
  if (!shared) return targets;
  const chained = new Map<Target, Target | undefined>();
  for (const group of flows.values()) {
    let next: Target | undefined;
    for (const target of [...group].reverse()) {
      chained.set(target, undefined);
      next = next === undefined ? target : { ...target, next };
    }
    if (group[0] !== undefined) chained.set(group[0], next);
  }
  return targets.flatMap((target) => (chained.has(target) ? (chained.get(target) ?? []) : target));
}
