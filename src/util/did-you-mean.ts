import { closest, distance } from 'fastest-levenshtein';

/** Returns ` Did you mean "…"?` for a similar allowed name, otherwise an empty string. */
export function didYouMean(name: string, allowed: readonly string[]): string {
  if (allowed.length === 0) return '';
  const lowerCase = allowed.map((one) => one.toLowerCase());
  const nearest = allowed[lowerCase.indexOf(closest(name.toLowerCase(), lowerCase))] as string;
  const near = distance(name.toLowerCase(), nearest.toLowerCase()) <= Math.max(2, Math.floor(name.length / 3));
  return near ? ` Did you mean "${nearest}"?` : '';
}
