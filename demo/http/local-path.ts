/** One slash, then visible ASCII without a backslash: browsers read `//` and `/\` as the start of another host. */
const ownPath = /^\/(?!\/)[!-[\]-~]*$/;

/** Returns a path of this application that came from a link; the fallback for anything that may lead to another site. */
export function localPath(next: unknown, fallback: string): string {
  return typeof next === 'string' && ownPath.test(next) ? next : fallback;
}
