import ArrowDownToLine from '@lucide/svelte/icons/arrow-down-to-line';
import CircleX from '@lucide/svelte/icons/circle-x';
import File from '@lucide/svelte/icons/file';
import Folder from '@lucide/svelte/icons/folder';
import Globe from '@lucide/svelte/icons/globe';
import Hourglass from '@lucide/svelte/icons/hourglass';
import Pause from '@lucide/svelte/icons/pause';
import Plug from '@lucide/svelte/icons/plug';
import Radio from '@lucide/svelte/icons/radio';
import Square from '@lucide/svelte/icons/square';
import Unplug from '@lucide/svelte/icons/unplug';

/** A sign for each kind of source, and for each of its states. */
export const sourceIcons = { file: File, folder: Folder, 'tcp-listen': ArrowDownToLine, 'tcp-connect': Plug, 'http-listen': Globe };
export const stateIcons = { following: Radio, waiting: Hourglass, unreachable: Unplug, held: Pause, stopped: Square, failed: CircleX };
