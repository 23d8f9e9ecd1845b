import type { CudaKeeper } from '../../api/parts.ts';
import { AppError } from '../../contract/errors.ts';
import type { CudaState } from '../../contract/system.ts';
import type { Jobs } from '../jobs.ts';
import { installCuda, removeCuda } from './install.ts';
import { cudaWheels } from './pins.ts';
import { cudaFolder, installedIn, nvidiaDriver } from './place.ts';

const supported = process.platform === 'linux' && process.arch === 'x64';

const state = (): CudaState => {
  const folder = cudaFolder();
  const installed = installedIn(folder);
  return {
    supported,
    driver: nvidiaDriver(),
    folder,
    installed: installed === null ? null : { bytes: installed.bytes, parts: installed.parts.map(({ name, version }) => ({ name, version })) },
    downloadBytes: cudaWheels.reduce((sum, { bytes }) => sum + bytes, 0),
    files: cudaWheels.map(({ name, version, file, bytes, sha256 }) => ({ package: `${name} ${version}`, name: file, bytes, sha256 })),
  };
};

/** The CUDA build of this user's machine: shared by all plants. */
export const createCuda = (jobs: Pick<Jobs, 'start'>): CudaKeeper => {
  let installing = false;
  const assertIdle = (): void => {
    if (installing) throw new AppError('state-conflict', 'the CUDA build is being installed just now; wait for that job, or cancel it');
  };
  return {
    state,
    install: (from) => {
      assertIdle();
      if (!supported) throw new AppError('state-conflict', `there is no CUDA build for ${process.platform} ${process.arch}; a graphics card is used by WebGPU here`);
      installing = true;
      return jobs.start({ kind: 'install-cuda', subject: cudaFolder(), unit: 'bytes', request: { from } }, async ({ signal, progress }) => {
        try {
          return await installCuda({ wheels: cudaWheels, folder: cudaFolder(), from }, { signal, progress });
        } finally {
          installing = false;
        }
      });
    },
    remove: () => {
      assertIdle();
      removeCuda(cudaFolder());
      return state();
    },
  };
};
