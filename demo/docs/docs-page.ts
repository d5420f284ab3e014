import { html } from '../pages/html';

/** The same page for everybody, logged in or not. */
export const docsPage = html`<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="color-scheme" content="light dark">
  <title>API · Notebook</title>
  <link rel="icon" href="/icon.svg" type="image/svg+xml">
  <link rel="stylesheet" href="/docs/swagger-ui.css">
  <link rel="stylesheet" href="/frame.css">
  <link rel="stylesheet" href="/docs.css">
  <script src="/docs/swagger-ui-bundle.js" defer></script>
  <script src="/docs.js" defer></script>
</head>
<body>
  <header class="bar">
    <a class="brand" href="/"><img src="/icon.svg" alt="" width="28" height="28"><span>Notebook</span></a>
    <nav class="end" aria-label="Main">
      <a href="/notes">Notes</a>
      <a href="/docs" aria-current="page">API</a>
    </nav>
  </header>
  <noscript><p class="page">This page needs JavaScript; <a href="/openapi.json">the document</a> does not.</p></noscript>
  <div id="api" class="page"></div>
</body>
</html>
`.toString();
