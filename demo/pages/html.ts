/** Markup. Only {@link html} creates it, so nothing gets into a page unescaped. */
export class Html {
  constructor(private readonly markup: string) {}

  toString(): string {
    return this.markup;
  }
}

type Content = string | number | Html | readonly Html[] | false | null | undefined;

/** A template tag: escapes strings and numbers, inserts other templates unchanged, and leaves empty values out. */
export function html(literals: TemplateStringsArray, ...contents: Content[]): Html {
  return new Html(String.raw({ raw: literals }, ...contents.map(markupOf)));
}

type AttributeValue = string | number | boolean | undefined;

/** Returns the attributes of an element; `true` has no value, `false` and undefined are left out. */
export function attributes(values: Readonly<Record<string, AttributeValue>>): Html[] {
  return Object.entries(values).map(([name, value]) => {
    if (value === undefined || value === false) return html``;
    return value === true ? new Html(` ${name}`) : html` ${new Html(name)}="${value}"`;
  });
}

function markupOf(content: Content): string {
  if (content === null || content === undefined || content === false) return '';
  if (content instanceof Html) return content.toString();
  // A form field can be an array of strings, whatever its type says.
  return Array.isArray(content) ? content.map(markupOf).join('') : escaped(String(content));
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? '');
}
