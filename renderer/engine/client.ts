import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import type { ContractRouterClient } from '@orpc/contract';
import type { EngineContract } from '../../main/contract/contract.ts';

/** Every call of the contract as a typed function. */
export type Client = ContractRouterClient<EngineContract>;

/** The contract's client over one port to the engine. The port must be started by the caller. */
export const clientOver = (port: MessagePort): Client => createORPCClient(new RPCLink({ port }));
