import { getMetadataArgsStorage } from 'routing-controllers';

const looked = new WeakSet<object>();

/**
 * Warns of guards that routing-controllers' own servers lose, for each class once a process: the checkers are not even
 * called for a route whose guard is lost, so nothing else would ever tell.
 */
export function warnOfLostGuards(lostGuards: (controllers: readonly object[]) => string[]): void {
  const controllers = getMetadataArgsStorage()
    .controllers.map(({ target }) => target)
    .filter((target) => !looked.has(target));
  for (const target of controllers) looked.add(target);
  for (const lost of lostGuards(controllers)) {
    const message = `${lost} on routing-controllers' own server: serve it with manager.useExpressServer or useKoaServer`;
    process.emitWarning(message, { type: 'LoginWarning', code: 'LOGIN_LOST_GUARD' });
  }
}
