// Runs in the bundled Node: electron-package.mjs ELECTRON_DIST ELECTRON_VERSION. The package as a
// folder, by electron-builder, without network.
import { build, Platform } from 'electron-builder';
import { root } from '../setup/paths.mjs';

const [electronDist, electronVersion] = process.argv.slice(2);
if (!electronDist || !electronVersion) throw new Error('usage: electron-package.mjs ELECTRON_DIST ELECTRON_VERSION');

await build({
  projectDir: root,
  targets: Platform.LINUX.createTarget('dir'),
  config: { extends: './electron-builder.yml', electronDist, electronVersion },
});
