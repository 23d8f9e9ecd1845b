/** Names of the few messages between preload and main process; the contract's own calls run over the port. */
export const CONNECT = 'millwright:connect';
export const PORT = 'millwright-port';
/** The hidden window's port, from main process to preload to page. */
export const COMPUTE_PORT = 'millwright-compute';
export const INFO = 'millwright:info';
export const CHOOSE_FILES = 'millwright:choose-files';
export const CHOOSE_FOLDER = 'millwright:choose-folder';
export const CHOOSE_SAVE_FILE = 'millwright:choose-save-file';
export const ENGINE_STATE = 'millwright:engine-state';
