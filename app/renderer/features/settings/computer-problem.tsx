/** Why the last change of a part is not kept. */
import type { ComputerPart } from '../../store/computer-store.ts';
import { useComputer } from '../../store/context.tsx';
import { Problem } from '../../ui/problem.tsx';

export function ComputerProblem({ of }: { readonly of: ComputerPart }) {
  return <Problem>{useComputer((state) => state.problems[of])}</Problem>;
}
