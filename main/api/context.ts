import { implement } from '@orpc/server';
import type { Caller } from '../channel/serve.ts';
import { contract } from '../contract/contract.ts';
import type { AuditRepository } from '../store/records/audit.ts';

/** What a call may say of who made it. */
export const os = implement(contract).$context<Caller>();

/** Every command leaves a row in the audit trail, whether it succeeds or not. */
export const audited = (audit: AuditRepository) =>
  os.middleware(async ({ context, next, path, procedure }, input: unknown) => {
    if (procedure['~orpc'].meta.kind !== 'command' && procedure['~orpc'].meta.kind !== 'job') return next();
    const act = path.join('.');
    try {
      const result = await next();
      audit.append({ actor: context.actor, act, subject: '', details: { input, ok: true } });
      return result;
    } catch (thrown) {
      audit.append({ actor: context.actor, act, subject: '', details: { input, ok: false, error: thrown instanceof Error ? thrown.message : String(thrown) } });
      throw thrown;
    }
  });
