import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { BackendsMessage } from '../contract/trainer.ts';

it('the trainer probes each backend in a child and chooses tfjs-node on this machine’s processor, or a faster one', async () => {
  const child = fork(fileURLToPath(new URL('./start.ts', import.meta.url)), ['--probe'], { serialization: 'advanced', stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
  const [message] = await once(child, 'message');
  const { backends } = BackendsMessage.parse(message);
  expect(backends.map(({ name }) => name)).toEqual(['tfjs-node-cuda', 'tfjs-node', 'webgpu', 'wasm', 'plain']);
  expect(backends.filter(({ chosen }) => chosen)).toHaveLength(1);
  const native = backends.find(({ name }) => name === 'tfjs-node');
  expect(native).toMatchObject({ available: true, selfCheck: 'passed' });
  expect(native?.trainMsPerEpoch).toBeGreaterThan(0);
  expect(native?.predictWindowsPerSecond).toBeGreaterThan(0);
  for (const backend of backends) expect(backend.reason).not.toBe('');
}, 120_000);
