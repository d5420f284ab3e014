import { attributes, type Html, html } from './html';

/** What the header shows of the visitor. */
export interface Visitor {
  readonly email: string;
  readonly admin: boolean;
  readonly scopes: readonly string[];
}

export interface Page {
  readonly title: string;
  readonly visitor: Visitor | null;
  readonly content: Html;
  /** A narrow column, for forms and text. */
  readonly narrow?: boolean;
  /** The path of the current entry of the navigation. */
  readonly current?: string;
}

export function page({ title, visitor, content, narrow = false, current }: Page): string {
  return html`<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="color-scheme" content="light dark">
  <title>${title} · Notebook</title>
  <link rel="icon" href="/icon.svg" type="image/svg+xml">
  <link rel="stylesheet" href="/frame.css">
  <link rel="stylesheet" href="/style.css">
</head>
<body>
  <a class="skip" href="#content">Skip to the content</a>
  <header class="bar">
    <a class="brand" href="/"><img src="/icon.svg" alt="" width="28" height="28"><span>Notebook</span></a>
    ${visitor ? navigationOf(visitor, current) : anonymousNavigation(current)}
  </header>
  <main id="content"${attributes({ class: narrow && 'narrow' })}>
${content}
  </main>
  <footer>For programs: <a href="/docs">the API</a></footer>
</body>
</html>
`.toString();
}

function navigationOf({ email, admin, scopes }: Visitor, current?: string): Html {
  return html`<nav aria-label="Main">
      ${entry('/notes', 'Notes', current)}
      ${(admin || scopes.includes('accounts:read')) && entry('/admin', 'Admin', current)}
      ${entry('/account', 'Account', current)}
    </nav>
    <form class="who" method="post" action="/logout">
      <span class="email" title="${email}">${email}</span>
      <button class="quiet">Log out</button>
    </form>`;
}

function anonymousNavigation(current?: string): Html {
  return html`<nav class="end" aria-label="Main">
      ${entry('/login', 'Log in', current)}
      ${entry('/register', 'Register', current)}
    </nav>`;
}

function entry(path: string, name: string, current?: string): Html {
  return html`<a${attributes({ href: path, 'aria-current': path === current && 'page' })}>${name}</a>`;
}
