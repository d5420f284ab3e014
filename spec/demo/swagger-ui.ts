import type { Page, Request } from 'playwright-core';
import type { reader } from './demo-server';

/** Uses the dialog; the request that it made. */
export async function authorize(page: Page, user: typeof reader, scopes: readonly string[]): Promise<Request> {
  await page.getByRole('button', { name: 'Authorize' }).click();
  const dialog = page.locator('.modal-ux');
  await dialog.getByLabel('username').fill(user.email);
  await dialog.getByLabel('password').fill(user.password);
  for (const scope of scopes) await dialog.getByText(scope, { exact: true }).click();
  const response = page.waitForResponse('/token');
  await dialog.getByRole('button', { name: 'Apply given OAuth2 credentials' }).click();
  const answered = await response;
  if (answered.ok()) {
    await dialog.getByRole('button', { name: /logout|remove/i }).waitFor();
    await dialog.locator('.close-modal').click();
  }
  return answered.request();
}

/** Calls an operation with the example values; the request, and the answer as the page shows it. */
export async function tryOut(page: Page, method: string, path: string) {
  const operation = page
    .locator(`.opblock-${method.toLowerCase()}`)
    .filter({ has: page.locator(`[data-path="${path}"]`) });
  await operation.locator('.opblock-summary-control').click();
  await operation.getByRole('button', { name: 'Try it out' }).click();
  const sent = page.waitForRequest(path);
  await operation.getByRole('button', { name: 'Execute' }).click();
  const answer = operation.locator('.live-responses-table');
  const status = await answer.locator('tbody .response-col_status').first().innerText();
  const body = JSON.parse(await answer.locator('.highlight-code code').first().innerText());
  return { request: await sent, status: status.split('\n')[0], body };
}
