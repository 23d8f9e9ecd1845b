import type { PortEnd } from './port.ts';

/** Joins two ports: what one hears goes out by the other, and both end together. */
export const relayPorts = (first: PortEnd, second: PortEnd): void => {
  first.on('message', (event) => second.postMessage(event?.data));
  second.on('message', (event) => first.postMessage(event?.data));
  first.on('close', () => second.end());
  second.on('close', () => first.end());
};
