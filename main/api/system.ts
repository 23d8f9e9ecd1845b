import { AppError } from '../contract/errors.ts';
import { CONTRACT_VERSION } from '../contract/system.ts';
import { os } from './context.ts';
import type { Parts } from './parts.ts';

/** The first call of every face: whether both speak the same contract. */
export const helloCall = (hello: Parts['hello']) =>
  os.system.hello.handler(({ input }) => {
    if (input.contract !== CONTRACT_VERSION)
      throw new AppError('version-mismatch', `this engine speaks version ${CONTRACT_VERSION} of the contract, the caller ${input.contract}; close every window and start the app again`, { engine: CONTRACT_VERSION, caller: input.contract });
    return hello();
  });

export const systemCalls = ({ hello, plant, topics, doctor, backends, cuda, startDemo }: Parts) => ({
  hello: helloCall(hello),
  processes: os.system.processes.handler(({ signal }) => topics.processes.stream(signal)),
  doctor: os.system.doctor.handler(async () => {
    const parts = await doctor();
    return { ok: parts.every((part) => part.ok), parts };
  }),
  backends: os.system.backends.handler(() => backends()),
  cuda: os.system.cuda.handler(() => cuda.state()),
  installCuda: os.system.installCuda.handler(({ input }) => ({ job: cuda.install(input.from) })),
  removeCuda: os.system.removeCuda.handler(() => cuda.remove()),
  settings: os.system.settings.handler(() => plant.settings.get()),
  changeSettings: os.system.changeSettings.handler(({ input }) => {
    const now = plant.settings.get();
    return plant.settings.change({ zone: input.zone ?? now.zone, plantName: input.plantName ?? now.plantName, mode: input.mode ?? now.mode, language: input.language ?? now.language, theme: input.theme ?? now.theme });
  }),
  startDemo: os.system.startDemo.handler(() => ({ job: startDemo() })),
});
