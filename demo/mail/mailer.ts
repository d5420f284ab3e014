export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  /** The path that the mail links to. */
  readonly path: string;
}

/** Prints mail to the console. An application sends it, and logs no links: whoever has one can use it. */
export class Mailer {
  /** @param publicUrl - What links begin with. */
  constructor(private readonly publicUrl: string) {}

  send({ to, subject, text, path }: Mail): void {
    console.log(`\nMail to ${to}: ${subject}\n  ${text}\n  ${this.publicUrl}${path}\n`);
  }
}
