import { implement } from '@orpc/server';
import type { Caller } from '../channel/serve.ts';
import { contract } from '../contract/contract.ts';
import { AppError } from '../contract/errors.ts';
import type { AuditRepository, AuditToAppend } from '../store/records/audit.ts';

/** What a call may say of who made it. */
export const os = implement(contract).$context<Caller>();

const REPLACES_PLANT = new Set(['storage.restore', 'storage.rebuild']);

/** Every command leaves a row in the audit trail, whether it succeeds or not; where none can be written (a full disk), `onLost` hears of it. */
export const audited = (audit: AuditRepository, onLost: (entry: AuditToAppend, error: AppError) => void) => {
  const append = (entry: AuditToAppend): void => {
    try {
      audit.append(entry);
    } catch (thrown) {
      // What was done stays done: its answer isn't withheld for want of a row.
      onLost(entry, AppError.of(thrown));
    }
  };
  return os.middleware(async ({ context, next, path, procedure }, input: unknown) => {
    if (procedure['~orpc'].meta.kind !== 'command' && procedure['~orpc'].meta.kind !== 'job') return next();
    const act = path.join('.');
    try {
      const result = await next();
      // The plant that was there is closed by then: the engine writes it into the one that took its place.
      if (REPLACES_PLANT.has(act)) return result;
      append({ actor: context.actor, act, subject: '', details: { input, ok: true } });
      return result;
    } catch (thrown) {
      append({ actor: context.actor, act, subject: '', details: { input, ok: false, error: thrown instanceof Error ? thrown.message : String(thrown) } });
      throw thrown;
    }
  });
};
