/** One bar: what it is, how long, and a word about it. */
export interface Bar {
  readonly label: string;
  readonly value: number;
  readonly text: string;
  /** Whether it is the library's own. */
  readonly isOwn?: boolean;
}

/** Bars of one scale under a heading. */
export interface Group {
  readonly title: string;
  readonly bars: readonly Bar[];
}

const WIDTH = 860;
const LABELS = 300;
const BAR = 18;
const ROW = 24;
const HEADING = 34;
/** Room for the text behind the longest bar. */
const TEXT = 130;

/**
 * Horizontal bars in groups, as an SVG that can be read on a light and on a dark page.
 *
 * @param notes - Lines below the bars.
 */
export function barPlot(title: string, groups: readonly Group[], notes: readonly string[]): string {
  const longest = Math.max(...groups.flatMap(({ bars }) => bars.map(({ value }) => value)));
  const scale = (WIDTH - LABELS - TEXT) / longest;
  const parts: string[] = [];
  let y = 44;
  for (const group of groups) {
    parts.push(`<text x="16" y="${y + 16}" class="heading">${escapeXml(group.title)}</text>`);
    y += HEADING - 8;
    for (const bar of group.bars) {
      parts.push(row(bar, y, scale));
      y += ROW;
    }
    y += 12;
  }
  for (const note of notes) {
    parts.push(`<text x="16" y="${y}" class="note">${escapeXml(note)}</text>`);
    y += 18;
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${y}" width="${WIDTH}" height="${y}" role="img">
<title>${escapeXml(title)}</title>
<style>
text { font: 13px system-ui, sans-serif; fill: #24292f }
.title { font-size: 16px; font-weight: 600 }
.heading { font-weight: 600 }
.note { font-size: 11px; fill: #57606a }
.bar { fill: #9aa4b0 }
.own { fill: #2f6fde }
</style>
<rect width="100%" height="100%" fill="#fff"/>
<text x="16" y="28" class="title">${escapeXml(title)}</text>
${parts.join('\n')}
</svg>
`;
}

function row({ label, value, text, isOwn }: Bar, y: number, scale: number): string {
  const length = Math.max(1, value * scale).toFixed(1);
  const middle = y + BAR / 2 + 5;
  return [
    `<text x="${LABELS - 8}" y="${middle}" text-anchor="end">${escapeXml(label)}</text>`,
    `<rect x="${LABELS}" y="${y}" width="${length}" height="${BAR}" rx="2" class="${isOwn ? 'own' : 'bar'}"/>`,
    `<text x="${(LABELS + Number(length) + 8).toFixed(1)}" y="${middle}">${escapeXml(text)}</text>`,
  ].join('');
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
