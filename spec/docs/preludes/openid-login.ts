import * as openid from 'openid-client';

/** The provider of the specs is on the loopback. */
export const options: openid.DiscoveryRequestOptions = { execute: [openid.allowInsecureRequests] };

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

export const SECRET = 'forty bytes that nobody else knows of....';
