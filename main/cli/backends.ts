import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { CudaState } from '../contract/system.ts';
import { command, withPlant } from './command.ts';
import type { CommonOptions } from './options.ts';
import { print, table, tellProgress } from './output.ts';
import { waitForJob } from './session.ts';

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;

const describeCuda = ({ supported, driver, installed, folder, downloadBytes, files }: CudaState): string[] => {
  if (!supported) return ['there is no CUDA build for this kind of machine; a graphics card is used by WebGPU here'];
  const card = driver === null ? 'no NVIDIA driver on this machine, so no card to use' : `NVIDIA driver ${driver}`;
  if (installed !== null) return [`${card}; the CUDA build is installed: ${gigabytes(installed.bytes)} in ${folder}`, ...installed.parts.map(({ name, version }) => `  ${name} ${version}`)];
  return [`${card}; the CUDA build is not installed; 'backends install-cuda' fetches ${gigabytes(downloadBytes)}, or takes these files out of a folder (--from):`, ...table(['package', 'file', 'bytes', 'SHA-256'], files.map((file) => [file.package, file.name, file.bytes, file.sha256])), ...(driver === null ? [] : ["a card is here: training may be faster with it"])];
};

/** backends: probes them; with a word behind it, the CUDA build: its state, its installation, its removal. */
export const backendsCommand = (): Command => {
  const backends = command('backends', 'probes each compute backend').action((options: CommonOptions) =>
    withPlant(options, async ({ client, json }) => {
      const list = await client.system.backends({});
      print(json, list, () =>
        table(
          ['backend', 'device', 'available', 'self-check', 'windows/s', 'ms/epoch', 'chosen', 'reason'],
          list.map((b) => [b.name, b.device, b.available ? 'yes' : 'no', b.selfCheck, b.predictWindowsPerSecond, b.trainMsPerEpoch, b.chosen ? 'chosen' : '', b.reason]),
        ),
      );
    }),
  );
  backends.addCommand(
    command('cuda', 'whether the CUDA build is installed, and what it needs').action((options: CommonOptions) =>
      withPlant(options, async ({ client, json }) => {
        const state = await client.system.cuda({});
        print(json, state, () => describeCuda(state));
      }),
    ),
  );
  backends.addCommand(
    command('install-cuda', 'fetches TensorFlow for NVIDIA cards; goes on where an earlier try was cut')
      .option('--from <folder>', 'takes the files out of this folder, for a machine without a network')
      .action((options: CommonOptions & { from?: string }) =>
        withPlant(options, async ({ client, json }) => {
          const { job } = await client.system.installCuda({ from: options.from === undefined ? null : resolve(options.from) });
          await waitForJob(client, job, tellProgress);
          const state = await client.system.cuda({});
          print(json, state, () => describeCuda(state));
        }),
      ),
  );
  backends.addCommand(
    command('remove-cuda', 'takes the CUDA build away again').action((options: CommonOptions) =>
      withPlant(options, async ({ client, json }) => {
        const state = await client.system.removeCuda({});
        print(json, state, () => [`the CUDA build is gone; ${state.folder} is free`]);
      }),
    ),
  );
  return backends;
};
