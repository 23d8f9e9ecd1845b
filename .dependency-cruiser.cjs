/** The architecture: each arrow that may not be drawn, with its reason. No exemptions. */
const parts = 'main/(ingest|quality|labels|health|forecast|alarms|planner|runs|registry)';
const notTests = { pathNot: '\\.test\\.ts$' };

/** @param {string} name @param {string} comment @param {object} from @param {object} to */
const forbid = (name, comment, from, to) => ({ name, severity: 'error', comment, from, to });

module.exports = {
  forbidden: [
    forbid('no-circles', 'Two files that need each other are one thing in two places.', {}, { circular: true }),
    forbid('ml-knows-arrays-only', 'ml is arrays in, arrays and documents out: no storage, no Electron, no window.', { path: '^ml/' }, { path: '^(main|renderer|scripts|e2e)/' }),
    forbid('contract-on-documents-only', 'The contract is what every process can read: it needs nothing but the stored documents.', { path: '^main/contract/', ...notTests }, { path: '^(main/(?!contract)|renderer/|ml/(?!documents))' }),
    forbid('channel-on-contract', 'The wire knows what crosses it, not who answers.', { path: '^main/channel/', ...notTests }, { path: '^(main/(?!channel|contract)|renderer/|ml/(?!documents))' }),
    forbid('host-on-contract', 'Starting and watching processes needs no knowledge of what they do.', { path: '^main/host/', ...notTests }, { path: '^(main/(?!host|contract|channel)|renderer/|ml/(?!documents))' }),
    forbid('app-relays-bytes', 'The Electron side relays; it answers no call and holds no data.', { path: '^main/app/', ...notTests }, { path: '^(main/(?!app|host|contract|channel)|renderer/|ml/(?!documents))' }),
    forbid('store-on-contract', 'The store writes documents; it knows no part that fills or reads them.', { path: '^main/store/', ...notTests }, { path: '^(main/(?!store|contract|engine/(clock|log)\\.ts)|renderer/|ml/(?!documents))' }),
    forbid('part-on-ground', 'A part stands on the store, the contract, the documents and the dataset; the engine hands it the rest.', { path: `^${parts}/`, ...notTests }, { path: '^(main/(app|api|cli|host|channel|trainer|scorer|simulator|benchmark)/|main/engine/(?!(clock|log|jobs|turns)\\.ts)|renderer/|ml/(?!documents|dataset|evaluation))' }),
    forbid('part-not-on-part', 'Parts meet in engine/engine.ts alone.', { path: `^${parts}/`, ...notTests }, { path: `^${parts}/`, pathNot: '^main/$1/' }),
    forbid('trainer-scorer-on-ml', 'They read frozen files and speak the contract: no SQLite, no part, no Electron.', { path: '^main/(trainer|scorer)/', ...notTests }, { path: '^(main/(?!trainer|scorer|contract|channel)|renderer/)' }),
    forbid('compute-on-ml', 'The hidden window has a card and a port: no Node, no file, no process, no screen.', { path: '^main/compute/', ...notTests }, { path: '^(main/(?!compute|contract|channel)|renderer/|node:)' }),
    forbid('simulator-knows-nothing', 'The demo plant is a plant: it writes files and knows no app.', { path: '^main/simulator/', ...notTests }, { path: '^(main/(?!simulator)|renderer/|ml/)' }),
    forbid('api-answers-with-parts', 'Calls are answered by the parts; no wire and no process is seen from there.', { path: '^main/api/', ...notTests }, { path: '^(main/(app|cli|host|trainer|scorer|simulator|benchmark)/|main/engine/(?!(clock|log|jobs|topic)\\.ts)|renderer/)' }),
    forbid('electron-in-app-alone', 'No Electron version can break what never loads in it.', { pathNot: '^(main/app|e2e|scripts)/' }, { path: 'node_modules/electron/|^electron$' }),
    forbid('sqlite-in-store-alone', 'One writer, one place that speaks SQL.', { pathNot: '^(main/store|scripts)/' }, { path: 'node_modules/better-sqlite3/' }),
    forbid('tensors-at-home', 'A crash of TensorFlow must never take the engine or the window down.', { pathNot: '^(ml/(?!documents/|dataset/)|main/(trainer|scorer|compute|benchmark)/|scripts/)' }, { path: 'node_modules/@tensorflow/' }),
    forbid('window-knows-contract', 'The window could be any client: it sees the contract and the documents, nothing else of main.', { path: '^renderer/', ...notTests }, { path: '^(main/(?!contract)|ml/(?!documents)|scripts/|e2e/)' }),
    forbid('one-client', 'One way to the engine: state -> renderer/engine -> contract.', { path: '^renderer/(?!engine)', ...notTests }, { path: 'node_modules/@orpc/' }),
    forbid('charts-and-parts-below-screens', 'Shared components know no screen.', { path: '^renderer/(parts|charts|engine|state|format|messages|theme)/' }, { path: '^renderer/(screens|shell)/' }),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(build|dist|\\.cache)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    extraExtensionsToScan: ['.svelte'],
    enhancedResolveOptions: { extensions: ['.ts', '.svelte.ts', '.svelte', '.mjs', '.cjs', '.js'] },
  },
};
