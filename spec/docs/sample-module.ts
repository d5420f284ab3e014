import type { MarkdownSample } from './markdown-samples';

const DECLARATION =
  /^(?:export\s+)?(?:default\s+)?(?:declare\s+)?(?:abstract\s+|async\s+)?(?<kind>const|let|var|class|function|enum|interface|type)\b\s*\*?\s*(?<name>[A-Za-z_$][\w$]*)/gm;
const DESTRUCTURING = /^(?:export\s+)?(?:const|let|var)\s*[{[](?<names>[^=]*)[}\]]\s*=/gm;
const IMPORT = /^import\s+(?:type\s+)?(?<names>[^'"]+?)\s+from\s+['"]/gm;
const EXPORT_LIST = /^export\s+(?:type\s+)?\{(?<names>[^}]*)\}/gm;
const TOP_LEVEL_AWAIT = /^(?!\s|.*\basync\b|\/\/).*\bawait\b/m;

/** A sample as a module that can be compiled. */
export interface SampleModule {
  /** With top-level `await` it has to be an ES module; otherwise it is CommonJS. */
  readonly extension: '.ts' | '.mts';
  readonly source: string;
}

/**
 * Puts a sample on the lines where it stands in its document, so that what the compiler says about the module is true
 * of the document. Names that only its prelude knows are imported from there; everything it declares is exported.
 */
export function sampleModule(sample: MarkdownSample, preludeSource: string | undefined): SampleModule {
  const last = Math.max(...sample.lines.keys());
  const lines = Array.from({ length: last }, (_, index) => sample.lines.get(index + 1) ?? '');
  const code = lines.join('\n');
  const declared = declaredNames(code);
  const prelude = sample.prelude === undefined ? undefined : `'./preludes/${sample.prelude}.js'`;

  // A block is below a comment and a fence: the first line is free.
  if (prelude) {
    const known = new Set([...declared, ...importedNames(code)]);
    const wanted = exportedNames(preludeSource ?? '').filter((name) => !known.has(name) && uses(code, name));
    lines[0] = `import ${prelude}; import { ${wanted.join(', ')} } from ${prelude};`;
    lines.push(`export * from ${prelude};`);
  }
  const values = declared.filter((name) => !uses(code, name, 'export(?:\\s+\\w+)*?\\s+'));
  lines.push(`export { ${values.join(', ')} };`, '');
  return { extension: TOP_LEVEL_AWAIT.test(code) ? '.mts' : '.ts', source: lines.join('\n') };
}

function declaredNames(code: string): string[] {
  const names = [...code.matchAll(DECLARATION)].map((match) => match.groups?.name ?? '');
  const destructured = [...code.matchAll(DESTRUCTURING)].flatMap((match) => listedNames(match.groups?.names ?? ''));
  return [...new Set([...names, ...destructured])];
}

function importedNames(code: string): string[] {
  return [...code.matchAll(IMPORT)].flatMap((match) => listedNames(match.groups?.names ?? ''));
}

function exportedNames(code: string): string[] {
  const lists = [...code.matchAll(EXPORT_LIST)].flatMap((match) => listedNames(match.groups?.names ?? ''));
  const declared = declaredNames(code).filter((name) => uses(code, name, 'export(?:\\s+\\w+)*?\\s+'));
  return [...new Set([...lists, ...declared])];
}

/** The names that `a, b as c, type d, { e: f }` introduces. */
function listedNames(list: string): string[] {
  return list
    .split(/[,{}[\]]/)
    .map((item) =>
      item
        .replace(/=.*$/s, '')
        .split(/\bas\b|:/)
        .pop()
        ?.replace(/\btype\b|\.\.\./g, '')
        .trim(),
    )
    .filter((name): name is string => name !== undefined && /^[A-Za-z_$][\w$]*$/.test(name));
}

function uses(code: string, name: string, before = ''): boolean {
  return new RegExp(`${before}(?<![\\w$.])${name.replace(/\$/g, '\\$')}(?![\\w$])`).test(code);
}
