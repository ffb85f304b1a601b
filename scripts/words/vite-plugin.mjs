/**
 * What Vite, and with it vitest, has to know of words: macros of lingui become calls before anything else reads the file
 * (only files that import one pass through Babel), and a catalog becomes a module, compiled, with English where a
 * translation is missing.
 */
import { transformAsync } from '@babel/core';
import macros from '@lingui/babel-plugin-lingui-macro';
import { formatter } from '@lingui/format-po';
import { compileMessageOrThrow } from '@lingui/message-utils/compileMessage';
import { SAID } from './extractor.mjs';

const IMPORTS_MACRO = /from\s*['"]@lingui\/(?:core|react)\/macro['"]/;
const po = formatter();

/** @returns {import('vite').Plugin} */
export function words() {
  return {
    name: 'tandem-words',
    enforce: 'pre',
    async transform(code, id) {
      const path = id.replace(/\?.*$/, '');
      if (path.endsWith('.po')) return { code: await compiled(code, path), map: null };
      if (!/\.tsx?$/.test(path) || !IMPORTS_MACRO.test(code)) return undefined;
      const made = await transformAsync(code, {
        filename: path,
        babelrc: false,
        configFile: false,
        sourceMaps: true,
        parserOpts: { plugins: path.endsWith('x') ? ['typescript', 'jsx'] : ['typescript'] },
        plugins: [[macros, { linguiConfig }]],
      });
      return made?.code ? { code: made.code, map: made.map } : undefined;
    },
  };
}

/** The part of lingui.config.js that the macros ask about; finding the file again for each source would cost. */
const linguiConfig = {
  runtimeConfigModule: {
    i18n: ['#words', 'i18n'],
    Trans: ['@lingui/react', 'Trans'],
    useLingui: ['@lingui/react', 'useLingui'],
  },
  macro: { corePackage: ['@lingui/core/macro'], jsxPackage: ['@lingui/react/macro'] },
};

async function compiled(text, filename) {
  const catalog = await po.parse(text, { locale: null, sourceLocale: 'en', filename });
  const messages = {};
  const said = [];
  for (const [id, { message, translation, context, obsolete }] of Object.entries(catalog)) {
    if (obsolete) continue;
    messages[id] = compileMessageOrThrow(translation || message);
    if (context === SAID) said.push([message, id]);
  }
  const json = (value) => `JSON.parse(${JSON.stringify(JSON.stringify(value))})`;
  return `export const messages = ${json(messages)};\nexport const said = ${json(said)};\n`;
}
