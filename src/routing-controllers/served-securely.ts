/** Controllers that a secure server has taken: nothing of theirs is lost there. */
export const servedSecurely = new WeakSet<object>();
