import { escapeStrictly } from "../../../text/escape.ts";

/** Letters of the longest address that becomes a link; a longer one is shown as text. */
const LONGEST = 2_000;

/**
 * The host of an address that may become a link, as a browser would go there; `undefined` for any
 * other: no http, a name or password in it, signs that nobody sees, a host without a dot (Telegram
 * refuses it), or a place where two readers would see two hosts.
 */
export function linkHost(href: string): string | undefined {
  const [, authority = ""] = /^https?:\/\/([^/?#]*)/i.exec(href) ?? [];
  if (authority === "" || /[\\@%]/.test(authority) || href.length > LONGEST) return undefined;
  if (/\s/.test(href) || escapeStrictly(href) !== href) return undefined;
  const url = URL.parse(href);
  return url && /[.\]]/.test(url.host) && !url.host.endsWith(".") ? url.host : undefined;
}

/** Whether words shown as a link to a host say themselves where it goes. */
export function saysHost(label: string, host: string): boolean {
  const [, shown = ""] = /^(?:https?:\/\/)?([^/?#\s]*)/i.exec(label.trim()) ?? [];
  return shown.toLowerCase() === host;
}
