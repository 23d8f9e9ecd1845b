import { implement } from '@orpc/server';
import { z } from 'zod';
import type { Caller } from '../channel/serve.ts';
import { contract } from '../contract/contract.ts';
import { AppError } from '../contract/errors.ts';
import type { Hello } from '../contract/system.ts';
import { defaultSettings } from '../store/records/settings.ts';
import { os } from './context.ts';
import type { StorageKeeper } from './parts.ts';
import type { EngineRouter } from './router.ts';
import { mendingCalls } from './storage.ts';
import { helloCall } from './system.ts';

export interface RecoveryParts {
  readonly storage: StorageKeeper;
  readonly hello: () => Hello;
  /** Why the plant isn't open. */
  readonly why: () => AppError;
}

/** The remedy stands in the message: whatever was asked for, this is what helps. */
const refusal = (why: AppError): AppError => {
  const remedy = why.code === 'plant-damaged' ? '; restore a backup, or rebuild the plant from what can still be read' : '; it is opened when that is over';
  return new AppError(why.code, `the plant isn't open: ${why.message}${why.message.includes('restore') ? '' : remedy}`, why.details, why);
};

/** The contract where the plant can't be opened: how it stands, and the ways out; every other call is refused with the reason. */
export const createRecoveryRouter = ({ storage, hello, why }: RecoveryParts): EngineRouter => {
  const refuse = (): never => {
    throw refusal(why());
  };
  const areas = z.record(z.string(), z.record(z.string(), z.custom<typeof contract.system.settings>())).parse(contract);
  const refusing = Object.fromEntries(
    Object.entries(areas).map(([area, calls]) => [area, Object.fromEntries(Object.entries(calls).map(([verb, call]) => [verb, implement(call).$context<Caller>().handler(refuse)]))]),
  );
  return z.custom<EngineRouter>().parse({
    ...refusing,
    system: { ...refusing['system'], hello: helloCall(hello), settings: os.system.settings.handler(() => defaultSettings()) },
    storage: { ...refusing['storage'], ...mendingCalls(storage) },
  });
};
