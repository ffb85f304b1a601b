/** This program's version: the same as in package.json, which bundles do not carry. A test compares them. */
export const version = '0.1.0';
