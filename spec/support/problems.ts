/** The problems that the message of a `ConfigurationError` lists, without its first line and the reference to the documentation. */
export function problemsIn({ message }: { message: string }): string[] {
  return message
    .replace(/\nSee \S+$/, '')
    .split('\n- ')
    .slice(1);
}
