/** One slash, then visible ASCII without a backslash: browsers read `//` and `/\` as the start of another host. */
const pathOfOurs = /^\/(?!\/)[!-[\]-~]*$/;

/** A path of this application, or undefined: whatever comes in a link may lead to a foreign site. */
export function localPath(next: unknown): string | undefined {
  return typeof next === 'string' && pathOfOurs.test(next) ? next : undefined;
}
