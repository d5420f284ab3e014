/** One module of the documentation: the blocks of one name, with their lines where they stand in the document. */
export interface MarkdownSample {
  readonly name: string;
  readonly prelude: string | undefined;
  /** 1-based line numbers and the code of the blocks. */
  readonly lines: ReadonlyMap<number, string>;
}

export interface MarkdownSamples {
  readonly samples: readonly MarkdownSample[];
  /** What does not follow the convention, with the line: a block without a name, a name without a block. */
  readonly problems: readonly string[];
}

const FENCE = /^(?<indent>\s*)(?<fence>`{3,}|~{3,})\s*(?<language>[^\s`{]*)[^`]*$/;
const COMMENT = /^\s*<!--\s*sample:\s*(?<name>[\w-]+)(?:\s*,\s*prelude:\s*(?<prelude>[\w-]+))?\s*-->\s*$/;
const ANY_COMMENT = /<!--\s*(?:sample|prelude)\b/;
const TYPESCRIPT = /^(?:ts|typescript)$/i;
const JAVASCRIPT = /^(?:[cm]ts|tsx|[cm]?jsx?|javascript)$/i;

interface Block {
  readonly line: number;
  readonly language: string;
  readonly code: readonly string[];
}

/** Reads the samples of a document: `ts` blocks below a comment `<!-- sample: name -->`, with `, prelude: name` if need be. */
export function readMarkdownSamples(markdown: string): MarkdownSamples {
  const lines = markdown.split(/\r?\n/);
  const samples = new Map<string, { name: string; prelude: string | undefined; lines: Map<number, string> }>();
  const problems: string[] = [];
  let pending: { name: string; prelude: string | undefined; line: number } | undefined;
  const drop = () => {
    if (pending) problems.push(`line ${pending.line}: no ts block follows the comment of the sample "${pending.name}"`);
    pending = undefined;
  };

  for (let index = 0; index < lines.length; index++) {
    const block = readBlock(lines, index);
    if (block) {
      index += block.code.length + 1;
      if (TYPESCRIPT.test(block.language)) {
        if (!pending) {
          problems.push(`line ${block.line}: a ts block needs a comment above it: <!-- sample: name -->`);
          continue;
        }
        const { name, prelude } = pending;
        pending = undefined;
        const sample = samples.get(name) ?? { name, prelude, lines: new Map() };
        if (sample.prelude !== prelude) problems.push(`line ${block.line}: "${name}" has another prelude above`);
        for (const [offset, code] of block.code.entries()) sample.lines.set(block.line + 1 + offset, code);
        samples.set(name, sample);
      } else if (JAVASCRIPT.test(block.language)) {
        problems.push(`line ${block.line}: only ts blocks are compiled and run, not ${block.language}`);
      }
      drop();
      continue;
    }

    const line = lines[index] ?? '';
    const comment = COMMENT.exec(line)?.groups;
    if (!comment && line.trim() === '') continue;
    drop();
    if (comment?.name) pending = { name: comment.name, prelude: comment.prelude, line: index + 1 };
    else if (ANY_COMMENT.test(line)) problems.push(`line ${index + 1}: not understood: ${line.trim()}`);
  }
  drop();
  return { samples: [...samples.values()], problems };
}

/** The fenced block that opens at this line, if one does; one that is never closed reaches to the end. */
function readBlock(lines: readonly string[], start: number): Block | undefined {
  const opening = FENCE.exec(lines[start] ?? '')?.groups;
  if (!opening?.fence) return undefined;
  const { indent = '', fence, language = '' } = opening;
  const isClosing = (line: string) => {
    const text = line.trim();
    return text.length >= fence.length && text === (fence[0] ?? '').repeat(text.length);
  };
  let end = start + 1;
  while (end < lines.length && !isClosing(lines[end] ?? '')) end++;
  const code = lines.slice(start + 1, end).map((line) => (line.startsWith(indent) ? line.slice(indent.length) : line));
  return { line: start + 1, language, code };
}
