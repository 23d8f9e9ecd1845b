import type { EngineState, HostInfo } from '../../main/contract/host.ts';

/**
 * What the preload script lends to the window: a way to the engine, file dialogs, paths of dropped files. Nothing else of
 * Electron or Node is reachable from here.
 */
export interface Bridge {
  /** Asks for a fresh port to the engine; it then arrives as a window message with data 'millwright-port' and the port in ports[0]. */
  connect(): Promise<void>;
  info(): Promise<HostInfo>;
  chooseFiles(): Promise<string[]>;
  chooseFolder(): Promise<string | null>;
  /** Asks where to save a file; `name` is proposed, a bare name with its extension. Null: given up. */
  chooseSaveFile(name: string): Promise<string | null>;
  pathOf(file: File): string;
  /** Returns the function that ends the subscription. */
  onEngineState(listener: (state: EngineState) => void): () => void;
}

declare global {
  interface Window {
    readonly millwright?: Bridge;
  }
}
