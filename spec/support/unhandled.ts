/** Fails a test of the suite that leaves a rejected promise to nobody. */
export function refusingUnhandledRejections(): void {
  const unhandled: unknown[] = [];
  const note = (reason: unknown) => unhandled.push(reason);
  let others: NodeJS.UnhandledRejectionListener[];

  beforeEach(() => {
    others = process.listeners('unhandledRejection');
    process.removeAllListeners('unhandledRejection').on('unhandledRejection', note);
  });

  afterEach(async () => {
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    process.removeAllListeners('unhandledRejection');
    for (const other of others) process.on('unhandledRejection', other);
    const [first] = unhandled.splice(0);
    if (first) throw first;
  });
}
