import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { crc32 } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../contract/errors.ts';
import { installCuda, removeCuda, type InstallRequest } from './install.ts';
import type { Wheel } from './pins.ts';
import { cudaEnvironment, installedIn } from './place.ts';

/** A zip with stored entries (APPNOTE 6.3.9), which is what a wheel is. */
const zipOf = (files: Readonly<Record<string, string>>): Buffer => {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, text] of Object.entries(files)) {
    const content = Buffer.from(text);
    const sizes = Buffer.alloc(12);
    [crc32(content), content.length, content.length].forEach((value, at) => sizes.writeUInt32LE(value, 4 * at));
    const head = (signature: number, more: number): Buffer => {
      const bytes = Buffer.alloc(more);
      bytes.writeUInt32LE(signature, 0);
      return bytes;
    };
    const local = head(0x04034b50, 30);
    sizes.copy(local, 14);
    local.writeUInt16LE(name.length, 26);
    const central = head(0x02014b50, 46);
    sizes.copy(central, 16);
    central.writeUInt16LE(name.length, 28);
    central.writeUInt32LE(offset, 42);
    locals.push(local, Buffer.from(name), content);
    directory.push(central, Buffer.from(name));
    offset += 30 + name.length + content.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(Object.keys(files).length, 8);
  end.writeUInt16LE(Object.keys(files).length, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, central, end]);
};

const contents: Readonly<Record<string, Buffer>> = {
  'packages/tensorflow-2.21.0-cp311.whl': zipOf({ 'tensorflow/libtensorflow_cc.so.2': 'cc'.repeat(40_000), 'tensorflow/libtensorflow_framework.so.2': 'framework', 'tensorflow/python/x.py': 'no' }),
  'packages/nvidia_cublas_cu12-12.whl': zipOf({ 'nvidia/cublas/lib/libcublas.so.12': 'blas', 'nvidia/cublas/include/cublas.h': 'no' }),
  'packages/nvidia_cuda_nvcc_cu12-12.whl': zipOf({ 'nvidia/cuda_nvcc/bin/ptxas': 'ptxas', 'nvidia/cuda_nvcc/nvvm/libdevice/libdevice.10.bc': 'device' }),
};
const wheels: readonly Wheel[] = Object.entries(contents).map(([path, bytes]) => ({ name: basename(path).split('-')[0] ?? '', version: '1', file: basename(path), bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') }));

let place: string;
let server: Server;
let asked: { path: string; range: string | undefined }[];
/** How the server answers the next requests, one entry each: after how many bytes it hangs up, or what it gives instead. */
let faults: ({ cutAfter: number } | { instead: Buffer } | { status: number })[];

beforeEach(async () => {
  place = mkdtempSync(join(tmpdir(), 'mw-cuda-'));
  asked = [];
  faults = [];
  server = createServer((request, response) => {
    const path = (request.url ?? '').slice(1);
    if (path.startsWith('simple/')) {
      // A page of an index lists other versions too, with addresses relative to it and a hash behind each.
      const links = ['packages/other-1.whl', ...Object.keys(contents)].map((file) => `<a href="../../${file}#sha256=00" data-requires-python="&gt;=3">${basename(file)}</a>`);
      response.writeHead(200, { 'content-type': 'text/html' }).end(path === 'simple/nowhere/' ? links[0] : links.join('<br>'));
      return;
    }
    const range = request.headers.range;
    asked.push({ path, range });
    const fault = faults.shift();
    const whole = fault !== undefined && 'instead' in fault ? fault.instead : (contents[path] ?? Buffer.alloc(0));
    if (fault !== undefined && 'status' in fault) {
      response.writeHead(fault.status).end();
      return;
    }
    const start = Number(/bytes=(\d+)-/.exec(range ?? '')?.[1] ?? 0);
    response.writeHead(range === undefined ? 200 : 206, { 'content-length': whole.length - start });
    // What the client has not taken yet when the line is cut is lost, so it is given the time to.
    if (fault !== undefined && 'cutAfter' in fault) response.write(whole.subarray(start, start + fault.cutAfter), () => setTimeout(() => response.destroy(), 150));
    else response.end(whole.subarray(start));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
});
afterEach(() => {
  server.close();
  server.closeAllConnections();
  rmSync(place, { recursive: true, force: true });
});

const folder = (): string => join(place, 'cuda');
const isAddress = (address: ReturnType<Server['address']>): address is AddressInfo => typeof address === 'object' && address !== null;
const request = (change: Partial<InstallRequest> = {}): InstallRequest => {
  const address = server.address();
  return { wheels, folder: folder(), from: null, index: `http://127.0.0.1:${isAddress(address) ? address.port : 0}/simple`, ...change };
};
const hooks = (signal: AbortSignal = new AbortController().signal) => ({ signal, progress: (_stage: string, done: number, total: number) => void progress.push(done / total) });
let progress: number[] = [];

describe('the CUDA build', () => {
  it('is fetched, checked, unpacked into one folder of libraries, and put in place whole', async () => {
    progress = [];
    const manifest = await installCuda(request(), hooks());
    expect(manifest.parts.map(({ name }) => name)).toEqual(['tensorflow', 'nvidia_cublas_cu12', 'nvidia_cuda_nvcc_cu12']);
    expect(readdirSync(folder(), { recursive: true }).sort()).toEqual(['bin', 'bin/ptxas', 'lib', 'lib/libcublas.so.12', 'lib/libtensorflow_cc.so.2', 'lib/libtensorflow_framework.so.2', 'manifest.json', 'nvvm', 'nvvm/libdevice', 'nvvm/libdevice/libdevice.10.bc']);
    expect(readFileSync(join(folder(), 'lib', 'libcublas.so.12'), 'utf8')).toBe('blas');
    expect(installedIn(folder())).toEqual(manifest);
    expect(readdirSync(place)).toEqual(['cuda']);
    expect(progress.every((share, at) => share >= (progress[at - 1] ?? 0) && share <= 1)).toBe(true);
    const requests = asked.length;
    await installCuda(request(), hooks());
    expect(asked.length).toBe(requests);
    removeCuda(folder());
    expect(readdirSync(place)).toEqual([]);
    expect(cudaEnvironment(folder())).toEqual({});
  });

  it('goes on behind what had come when the line is cut', async () => {
    faults = [{ cutAfter: 1000 }, { cutAfter: 500 }, { status: 503 }];
    await installCuda(request(), hooks());
    expect(asked.slice(0, 4).map(({ range }) => range)).toEqual([undefined, 'bytes=1000-', 'bytes=1500-', 'bytes=1500-']);
    expect(installedIn(folder())).not.toBeNull();
  });

  it('of another hash is deleted, and nothing of it is used; the next attempt fetches it anew', async () => {
    const first = Object.values(contents)[0] ?? Buffer.alloc(0);
    faults = [{ instead: Buffer.alloc(first.length, 7) }];
    await expect(installCuda(request(), hooks())).rejects.toMatchObject({ code: 'file-unreadable', message: expect.stringContaining('expected SHA-256') });
    expect(existsSync(folder())).toBe(false);
    expect(readdirSync(join(place, 'cuda.installing', 'downloads'))).toEqual([]);
    await installCuda(request(), hooks());
    expect(installedIn(folder())).not.toBeNull();
  });

  it('that is cancelled keeps what had come, and goes on from there', async () => {
    const cancel = new AbortController();
    faults = [{ cutAfter: 2000 }];
    const going = installCuda(request(), { signal: cancel.signal, progress: () => cancel.abort(new AppError('cancelled', 'cancelled by the operator')) });
    await expect(going).rejects.toMatchObject({ code: 'cancelled' });
    expect(existsSync(folder())).toBe(false);
    await installCuda(request(), hooks());
    expect(installedIn(folder())).not.toBeNull();
  });

  it('comes out of a folder where there is no network, with the same check', async () => {
    for (const [path, bytes] of Object.entries(contents)) writeFileSync(join(place, basename(path)), bytes);
    await installCuda(request({ from: place }), hooks());
    expect(asked).toEqual([]);
    removeCuda(folder());
    writeFileSync(join(place, 'nvidia_cublas_cu12-12.whl'), 'broken');
    await expect(installCuda(request({ from: place }), hooks())).rejects.toMatchObject({ code: 'file-unreadable' });
    rmSync(join(place, 'nvidia_cublas_cu12-12.whl'));
    await expect(installCuda(request({ from: place }), hooks())).rejects.toMatchObject({ message: expect.stringContaining('is not in') });
  });

  it('that holds a path out of its folder is refused', async () => {
    const evil = zipOf({ 'nvidia/cublas/lib/../../../../evil.so': 'no' });
    writeFileSync(join(place, 'evil.whl'), evil);
    const wheel = { name: 'evil', version: '1', file: 'evil.whl', bytes: evil.length, sha256: createHash('sha256').update(evil).digest('hex') };
    await expect(installCuda(request({ wheels: [wheel], from: place }), hooks())).rejects.toMatchObject({ code: 'file-unreadable' });
    expect(existsSync(folder())).toBe(false);
  });

  it('that can not be reached says so, and that files may be brought', async () => {
    await expect(installCuda(request({ index: 'http://127.0.0.1:9/' }), hooks())).rejects.toMatchObject({ code: 'engine-unreachable', message: expect.stringContaining('--from') });
  }, 20_000);

  it('that the index does not list is not guessed', async () => {
    const wheel = { ...wheels[0], name: 'nowhere', version: '1', file: 'nowhere-1.whl', bytes: 1, sha256: '' };
    await expect(installCuda(request({ wheels: [wheel] }), hooks())).rejects.toMatchObject({ code: 'engine-unreachable', message: expect.stringMatching(/nowhere-1\.whl.*doesn't list it.*--from/) });
  });

  it('comes from the index that pip is told to use', async () => {
    const before = process.env['PIP_INDEX_URL'];
    process.env['PIP_INDEX_URL'] = request().index;
    try {
      await installCuda({ wheels, folder: folder(), from: null }, hooks());
      expect(installedIn(folder())).not.toBeNull();
    } finally {
      if (before === undefined) delete process.env['PIP_INDEX_URL'];
      else process.env['PIP_INDEX_URL'] = before;
    }
  });
});
