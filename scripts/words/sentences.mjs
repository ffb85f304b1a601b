/**
 * Reads English sentences for people out of code that does not mark them: whole string and template literals that begin
 * with a capital or a value, have two words at least, and end as sentences do. `${value}` and `{name}` are open places.
 */
import { parseSync, traverse } from '@babel/core';

/** Functions whose words go to a log or to a programmer. */
const forOthers = /^(?:console\.|TypeError|RangeError|SyntaxError|Object\.|String\.raw|RegExp|new RegExp)/;

/** Calls whose words the window shows though they are no sentences: notes of the log, and why a connection ended. */
const marks = /^(?:[\w.#]+\.)?(?:#?log\.(?:warn|error)|#?(?:warn|fail)|tell)$/;

/**
 * @param {{sentences?: boolean, faults?: boolean}} which `sentences: false` leaves what is marked by a call of `phrase` or
 *   of the log; `faults` are the nouns with which the parser names what is wrong, such as `a malformed port`
 * @returns {{message: string, line: number}[]} in the notation of ICU
 */
export function sentencesIn(code, filename, { sentences = true, faults = false } = {}) {
  const tree = parseSync(code, {
    filename,
    babelrc: false,
    configFile: false,
    parserOpts: { plugins: filename.endsWith('x') ? ['typescript', 'jsx'] : ['typescript'] },
  });
  const constants = constantsOf(tree);
  const counting = () => ({ places: 0, names: new Map(), code });
  const found = [];
  const add = (path, message) => {
    const isText =
      isMarked(path, message) ||
      (sentences && isSentence(message)) ||
      (faults && /^(?:an?|no|bytes) [a-z]+ /.test(message));
    if (isText && !isForOthers(path)) found.push({ message, line: path.node.loc?.start.line ?? 0 });
  };
  traverse(tree, {
    StringLiteral(path) {
      if (path.parentPath.isBinaryExpression({ operator: '+' })) return;
      add(path, path.node.value);
    },
    TemplateLiteral(path) {
      if (path.parentPath.isTaggedTemplateExpression() || path.parentPath.isBinaryExpression({ operator: '+' })) return;
      add(path, textOf(path.node, constants, counting()));
    },
    BinaryExpression(path) {
      if (path.node.operator !== '+' || path.parentPath.isBinaryExpression({ operator: '+' })) return;
      const text = textOf(path.node, constants, counting());
      if (text !== undefined) add(path, text);
    },
    'TSType|ImportDeclaration|ExportDeclaration'(path) {
      if (!path.isExportNamedDeclaration() || path.node.source) path.skip();
    },
  });
  return found;
}

/** Strings at the top of the file that stand in sentences by their names. */
function constantsOf(tree) {
  const constants = new Map();
  for (const node of tree.program.body) {
    if (node.type !== 'VariableDeclaration' || node.kind !== 'const') continue;
    for (const { id, init } of node.declarations) {
      if (id.type === 'Identifier' && init?.type === 'StringLiteral') constants.set(id.name, init.value);
    }
  }
  return constants;
}

function textOf(node, constants, count) {
  switch (node.type) {
    case 'StringLiteral':
      return node.value;
    case 'BinaryExpression': {
      if (node.operator !== '+') return place(node, count);
      const [left, right] = [textOf(node.left, constants, count), textOf(node.right, constants, count)];
      return left + right;
    }
    case 'TemplateLiteral':
      return node.quasis
        .map(({ value }, index) => {
          const next = node.expressions[index];
          return value.cooked + (next === undefined ? '' : textOf(next, constants, count));
        })
        .join('');
    case 'Identifier':
      return constants.get(node.name) ?? place(node, count);
    default:
      return place(node, count);
  }
}

function place(node, count) {
  const name =
    node.type === 'Identifier'
      ? node.name
      : node.type === 'MemberExpression' && node.property.type === 'Identifier'
        ? node.property.name
        : undefined;
  if (name === undefined) return `{${count.places++}}`;
  // What two values are called is no name for either.
  const { names, code } = count;
  const value = code.slice(node.start, node.end);
  if (!names.has(name)) names.set(name, value);
  return names.get(name) === value ? `{${name}}` : `{${count.places++}}`;
}

function isSentence(text) {
  return (
    /^(?:["“]?[A-Z]|\{)/.test(text) &&
    /[^\s][.?!…]["”]?$/.test(text) &&
    /[a-z]\s+\S/.test(text) &&
    !/[\r\n<>]/.test(text)
  );
}

function isMarked(path, message) {
  if (!path.parentPath.isCallExpression()) return false;
  const callee = path.parentPath.get('callee').toString();
  if (callee === 'phrase') return true;
  // Not the level, nor what has so few words of its own that it would be seen in any text.
  return (
    marks.test(callee) &&
    /[a-z}]\s+\S/.test(message) &&
    /[A-Za-z].*[A-Za-z].*[A-Za-z]/.test(message.replace(/\{\w+\}/g, ''))
  );
}

function isForOthers(path) {
  const call = path.findParent((above) => above.isCallExpression() || above.isNewExpression());
  return call !== null && forOthers.test(call.get('callee').toString());
}
