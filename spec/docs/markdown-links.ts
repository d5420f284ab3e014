/** A link of a document, with its 1-based line. */
export interface MarkdownLink {
  readonly line: number;
  readonly target: string;
}

const FENCE = /^\s*(`{3,}|~{3,})/;
const INLINE = /!?\[(?:[^[\]]|\[[^\]]*\])*\]\(\s*<?([^()\s>]+)>?(?:\s+"[^"]*")?\s*\)/g;
const REFERENCE = /^\s*\[[^\]]+\]:\s+(\S+)/;
const ATTRIBUTE = /\b(?:href|src)="([^"]+)"/g;
/** Of the buttons and cards in the front matter of the site's first page. */
const FRONT_MATTER = /^\s*link:\s+(\S+)/;
const HEADING = /^#{1,6}\s+(.*?)\s*#*$/;
const ID = /<a\s+id="([^"]+)"/g;

/** Returns the links and pictures of a document, those in front matter included; code is not read. */
export function readLinks(markdown: string): MarkdownLink[] {
  return prose(markdown).flatMap(({ line, text }) => {
    const matches = [...text.matchAll(INLINE), ...text.matchAll(ATTRIBUTE)];
    const others = [REFERENCE.exec(text), FRONT_MATTER.exec(text)].filter((match) => match !== null);
    return [...matches, ...others].map((match) => ({ line, target: match[1] ?? '' }));
  });
}

/** Returns the anchors of a document: those of its headings, as GitHub and the site make them, and explicit ones. */
export function readAnchors(markdown: string): string[] {
  const anchors: string[] = [];
  for (const { text } of prose(markdown, (code) => code)) {
    anchors.push(...[...text.matchAll(ID)].map((match) => match[1] ?? ''));
    const heading = HEADING.exec(text)?.[1];
    if (heading === undefined) continue;
    const slug = slugOf(heading);
    const repeated = anchors.filter((anchor) => anchor === slug || anchor.replace(/-\d+$/, '') === slug).length;
    anchors.push(repeated === 0 ? slug : `${slug}-${repeated}`);
  }
  return anchors;
}

function slugOf(heading: string): string {
  return heading
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replace(/\s/g, '-');
}

/** Returns the lines outside fenced blocks, with each code span replaced. */
function prose(markdown: string, replaceCode = (_code: string) => 'code'): { line: number; text: string }[] {
  const lines: { line: number; text: string }[] = [];
  let fence = '';
  for (const [index, text] of markdown.split(/\r?\n/).entries()) {
    const mark = FENCE.exec(text)?.[1];
    if (fence) {
      if (mark?.startsWith(fence)) fence = '';
    } else if (mark) fence = mark;
    else
      lines.push({ line: index + 1, text: text.replace(/(`+)(.+?)\1/g, (_span, _marks, code) => replaceCode(code)) });
  }
  return lines;
}
