export function openSite(): Promise<{ readonly url: string; close(): Promise<void> }>;
