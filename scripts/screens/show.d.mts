import type { Page } from 'playwright-core';

export function statesOf(page: Page): Promise<string[]>;
export function showState(page: Page, name: string, language?: string): Promise<void>;
