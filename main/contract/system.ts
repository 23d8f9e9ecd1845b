import { z } from 'zod';
import { BackendReport } from '../../ml/documents/backend.ts';
import { call } from './call.ts';
import { JobStarted } from './jobs.ts';
import { resource } from './resource.ts';
import { Micros, Zone } from './values.ts';

/** Raised when a call or a document changes so that an older peer would misread it. */
export const CONTRACT_VERSION = 1;

export const Hello = z.strictObject({
  contract: z.int(),
  app: z.string(),
  enginePid: z.int(),
  plantFolder: z.string(),
  startedAt: Micros,
});
export type Hello = z.infer<typeof Hello>;

/** A process of the app as its watcher sees it. */
export const ProcessStatus = z.strictObject({
  name: z.enum(['engine', 'trainer', 'scorer', 'simulator']),
  state: z.enum(['starting', 'running', 'ended', 'restarting']),
  pid: z.int().nullable(),
  restarts: z.int(),
  /** Why it last ended, or null. */
  lastEnd: z.string().nullable(),
  since: Micros,
});
export type ProcessStatus = z.infer<typeof ProcessStatus>;

/** One part the app needs: what it is, where it came from, whether it works, what to do if not. */
export const Part = z.strictObject({ name: z.string(), version: z.string(), origin: z.string(), ok: z.boolean(), remedy: z.string() });
export type Part = z.infer<typeof Part>;

export const Settings = z.strictObject({
  /** The plant's zone: all times on screens are shown in it. */
  zone: Zone,
  plantName: z.string().min(1),
  /** 'none' until the first start's question is answered. */
  mode: z.enum(['none', 'demo', 'own']),
  language: z.enum(['system', 'en', 'zh']),
  theme: z.enum(['system', 'light', 'dark']),
});
export type Settings = z.infer<typeof Settings>;

/** The CUDA build of TensorFlow, an optional second download for machines with an NVIDIA card. */
export const CudaState = z.strictObject({
  /** Whether there is a CUDA build for this kind of machine. */
  supported: z.boolean(),
  /** Version of NVIDIA's driver; null: there is none, so there is no card to use. */
  driver: z.string().nullable(),
  folder: z.string(),
  /** Bytes on the disk, and what they are; null when it is not installed. */
  installed: z.strictObject({ bytes: z.int(), parts: z.array(z.strictObject({ name: z.string(), version: z.string() })) }).nullable(),
  /** Bytes that an installation fetches. */
  downloadBytes: z.int(),
  /** Names of the files to bring, and their hashes, for a machine without a network. */
  files: z.array(z.strictObject({ package: z.string(), name: z.string(), bytes: z.int(), sha256: z.string() })),
});
export type CudaState = z.infer<typeof CudaState>;

export const system = {
  hello: call('query', 'version-mismatch').input(z.strictObject({ contract: z.int() })).output(Hello),
  processes: call('stream').input(z.strictObject({})).output(resource(ProcessStatus)),
  doctor: call('query').input(z.strictObject({})).output(z.strictObject({ ok: z.boolean(), parts: z.array(Part) })),
  backends: call('query', 'no-backend').input(z.strictObject({})).output(z.array(BackendReport)),
  cuda: call('query').input(z.strictObject({})).output(CudaState),
  /** Fetches, checks and unpacks the CUDA build; `from`: a folder that holds its files already. Runs that start later use it. */
  installCuda: call('job', 'state-conflict').input(z.strictObject({ from: z.string().nullable().default(null) })).output(JobStarted),
  removeCuda: call('command', 'state-conflict').input(z.strictObject({})).output(CudaState),
  settings: call('query').input(z.strictObject({})).output(Settings),
  changeSettings: call('command').input(Settings.partial()).output(Settings),
  /** Fills the plant with the demo plant's history, follows its files and trains its model. */
  startDemo: call('job', 'state-conflict').input(z.strictObject({})).output(z.strictObject({ job: z.int() })),
};
