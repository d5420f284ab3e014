/**
 * What VitePress' search box tells assistive technology. It calls itself a button, and its results options with a link
 * inside, so that screen readers reach neither the field nor the links (axe: `nested-interactive`). Here it is a dialog
 * with a list of links.
 */
const CHANGES: readonly (readonly [from: string, to: string])[] = [
  ['      role="button"\n', '      role="dialog"\n      aria-modal="true"\n'],
  [`      :aria-owns="results?.length ? 'localsearch-list' : undefined"\n`, ''],
  ['      aria-expanded="true"\n', ''],
  ['      aria-haspopup="listbox"\n', ''],
  [`          :role="results?.length ? 'listbox' : undefined"\n`, ''],
  [`            :aria-selected="selectedIndex === index ? 'true' : 'false'"\n            role="option"\n`, ''],
  [`              :aria-label="[...p.titles, p.title].join(' > ')"\n`, ''],
  ['<kbd :aria-label', '<kbd role="img" :aria-label'],
];

/** Corrects the roles of VitePress' search box when the site is built. */
export function searchRoles() {
  return {
    name: 'search-roles',
    enforce: 'pre' as const,
    transform(code: string, id: string): string | undefined {
      if (!id.endsWith('/VPLocalSearchBox.vue')) return undefined;
      return CHANGES.reduce((changed, [from, to]) => {
        if (!changed.includes(from))
          throw new Error(`VitePress' search box has changed; search-roles.ts lacks: ${from}`);
        return changed.replaceAll(from, to);
      }, code);
    },
  };
}
