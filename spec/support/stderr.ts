/** What is written to standard error meanwhile; none of it comes through. */
export async function capturingStderr(work: () => Promise<unknown>): Promise<string> {
  const { write } = process.stderr;
  let written = '';
  process.stderr.write = ((chunk: string | Uint8Array) => {
    written += chunk.toString();
    return true;
  }) as typeof write;
  try {
    await work();
    // Express prints in a later turn of the event loop than the one in which it answers.
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
  } finally {
    process.stderr.write = write;
  }
  return written;
}

/** For suites in which Express and Koa print an error of the application, as they should. */
export function silencingStderr(): void {
  const { write } = process.stderr;
  beforeEach(() => {
    process.stderr.write = () => true;
  });
  afterEach(async () => {
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    process.stderr.write = write;
  });
}
