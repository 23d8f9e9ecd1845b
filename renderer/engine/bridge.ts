/** The engine's process as Electron's main process sees it. */
export interface EngineState {
  readonly state: 'starting' | 'running' | 'restarting' | 'ended';
  readonly reason: string | null;
  readonly restarts: number;
}

/** Versions of what the window runs in. */
export interface AppInfo {
  readonly electron: string;
  readonly chrome: string;
  readonly node: string;
  readonly app: string;
  readonly platform: string;
}

/**
 * What the preload script lends to the window: a way to the engine, file dialogs, paths of dropped files. Nothing else of
 * Electron or Node is reachable from here.
 */
export interface Bridge {
  /** Asks for a fresh port to the engine; it then arrives as a window message with data 'millwright-port' and the port in ports[0]. */
  connect(): Promise<void>;
  info(): Promise<AppInfo>;
  chooseFiles(): Promise<string[]>;
  chooseFolder(): Promise<string | null>;
  pathOf(file: File): string;
  /** Returns the function that ends the subscription. */
  onEngineState(listener: (state: EngineState) => void): () => void;
}

declare global {
  interface Window {
    readonly millwright?: Bridge;
  }
}
