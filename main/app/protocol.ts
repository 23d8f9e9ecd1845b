import { readFile } from 'node:fs/promises';
import { extname, join, normalize, sep } from 'node:path';
import { protocol } from 'electron';

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
};

/** Everything from the app itself; style attributes are what component libraries place popups with. */
export const contentSecurityPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** Serves a folder for each host of the app's own scheme (each an origin of its own), and nothing above them. */
export const servePages = (scheme: string, folders: Readonly<Record<string, string>>, policy: string): void => {
  protocol.handle(scheme, async (request) => {
    const { host, pathname } = new URL(request.url);
    const folder = folders[host];
    if (folder === undefined) return new Response('not here', { status: 404 });
    const path = normalize(join(folder, decodeURIComponent(pathname)));
    const type = contentTypes[extname(path)];
    if (!path.startsWith(folder + sep) || type === undefined) return new Response('not here', { status: 404 });
    try {
      return new Response(new Uint8Array(await readFile(path)), { headers: { 'content-type': type, 'content-security-policy': policy, 'x-content-type-options': 'nosniff' } });
    } catch {
      // A file that the build lacks is the page's 404, which its own error screen shows.
      return new Response('not here', { status: 404 });
    }
  });
};
