import { fork } from 'node:child_process';
import { z } from 'zod';
import type { Multiplexer } from '../channel/multiplex.ts';
import { BackendReport } from '../../ml/documents/backend.ts';
import { backendNames, chooseBackend } from '../../ml/backend/choose.ts';
import { probeBackend, probeEnvironment } from '../../ml/backend/probe.ts';
import type { BackendName, Probed } from '../../ml/backend/probeLoaded.ts';
import { probeWindow } from './probeWindow.ts';

/** What a probing child sends before it ends. */
const ProbedMessage = z.strictObject({ kind: z.literal('probed'), report: BackendReport.omit({ chosen: true }) });

/** A backend that takes longer than this to say what it can is of no use. */
const LIMIT_MS = 30_000;

/** The argument that makes this program probe one backend and end. */
export const PROBE_ONE = '--probe-one';

/** Probes one backend in a child of its own: a library that doesn't fit the machine ends that child, not us. */
const probeInChild = (name: BackendName): Promise<Probed> =>
  new Promise((resolve) => {
    const program = process.argv[1] ?? '';
    const child = fork(program, [PROBE_ONE, name], { serialization: 'advanced', stdio: ['ignore', 'ignore', 'ignore', 'ipc'], env: { ...process.env, ...probeEnvironment(name) } });
    const timer = setTimeout(() => child.kill('SIGKILL'), LIMIT_MS);
    const settle = (report: Probed): void => {
      clearTimeout(timer);
      resolve(report);
    };
    const gone = (why: string): void => settle({ name, device: 'unknown', available: false, reason: `its probe ended without an answer: ${why}`, selfCheck: 'not-run', predictWindowsPerSecond: null, trainMsPerEpoch: null });
    child.on('message', (received) => {
      const message = ProbedMessage.safeParse(received);
      if (message.success) settle(message.data.report);
    });
    child.on('error', (error) => gone(error.message));
    child.on('exit', (code, signal) => gone(signal === null ? `exit code ${String(code)}` : `signal ${signal}`));
  });

/** Every backend's report, one probed after the other so that they don't slow each other down; one is chosen. */
export const probeBackends = async (ports: Multiplexer | null): Promise<BackendReport[]> => {
  const probed: Probed[] = [];
  for (const name of backendNames) probed.push(name === 'webgpu' && ports !== null ? await probeWindow(ports, LIMIT_MS) : await probeInChild(name));
  return chooseBackend(probed);
};

/** What the child does: probes and answers. */
export const probeOne = async (name: string): Promise<z.infer<typeof ProbedMessage>> => ({ kind: 'probed', report: await probeBackend(BackendReport.shape.name.parse(name)) });
