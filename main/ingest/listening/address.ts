import { AppError } from '../../contract/errors.ts';
import type { Source, SourceAccess, SourceKind } from '../../contract/sources.ts';

/** Where lines are pushed to, or fetched from. */
export interface Address {
  kind: Exclude<SourceKind, 'file' | 'folder'>;
  host: string;
  port: number;
  /** As it is stored and shown: tcp-listen://127.0.0.1:5020 */
  text: string;
}

/** Where nobody says otherwise, only programs of this machine can push. */
const thisMachine = '127.0.0.1';

const form = /^(tcp-listen|tcp-connect|http-listen):\/\/(\[[^\]]*\]|[^:/[\]]*):(\d{1,5})\/?$/i;

const isKind = (text: string): text is Address['kind'] => text === 'tcp-listen' || text === 'tcp-connect' || text === 'http-listen';

/**
 * The address that a path names; null where it is a file's or a folder's.
 * @throws AppError('input-invalid') for what is neither
 */
export const addressOf = (path: string): Address | null => {
  if (!/^[a-z][a-z0-9+.-]+:\/\//i.test(path)) return null;
  const [, scheme = '', written = '', digits = ''] = form.exec(path) ?? [];
  const kind = scheme.toLowerCase();
  const port = Number(digits);
  const host = written === '' && kind !== 'tcp-connect' ? thisMachine : written.toLowerCase();
  if (!isKind(kind) || host === '' || port < 1 || port > 65_535)
    throw new AppError('input-invalid', `${path} is no address to follow; expected tcp-listen://HOST:PORT, tcp-connect://HOST:PORT or http-listen://HOST:PORT with a port from 1 to 65535`, { path });
  return { kind, host: host.replace(/^\[|\]$/g, ''), port, text: `${kind}://${host}:${port}` };
};

/** What a sender needs. @throws AppError('input-invalid') for files, folders and addresses that this machine connects to */
export const accessOf = ({ path, kind, id }: Source, token: string | null): SourceAccess => {
  const address = kind === 'file' || kind === 'folder' ? null : addressOf(path);
  if (!address || address.kind === 'tcp-connect') throw new AppError('input-invalid', `nothing is pushed to ${path}: it is read from there`, { source: id });
  const host = ['0.0.0.0', '::'].includes(address.host) ? thisMachine : address.host;
  const shown = host.includes(':') ? `[${host}]` : host;
  if (address.kind === 'tcp-listen') return { address: `tcp://${shown}:${address.port}`, token: null, example: `printf 'time,value\\n2026-01-01 00:00:00,1.5\\n' | nc ${host} ${address.port}` };
  const url = `http://${shown}:${address.port}/`;
  return { address: url, token, example: `curl -H 'Authorization: Bearer ${token ?? ''}' --data-binary @log.csv ${url}` };
};
