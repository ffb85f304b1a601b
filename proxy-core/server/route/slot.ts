/** Where the office's own step stands while the exchange runs; another takes its place when its file changes. */
import type { RouteStep } from './api.ts';

export interface RouteSlot {
  step: RouteStep;
}
