import { closest, distance } from 'fastest-levenshtein';

/** ` Did you mean "…"?` where one of the known names is near enough to be meant, else nothing. */
export function didYouMean(name: string, known: readonly string[]): string {
  if (known.length === 0) return '';
  const lowerCase = known.map((one) => one.toLowerCase());
  const nearest = known[lowerCase.indexOf(closest(name.toLowerCase(), lowerCase))] as string;
  const near = distance(name.toLowerCase(), nearest.toLowerCase()) <= Math.max(2, Math.floor(name.length / 3));
  return near ? ` Did you mean "${nearest}"?` : '';
}
