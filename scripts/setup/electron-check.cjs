// Runs in Electron's main process: opens a blank page, lets it compute something, says who it is.
const { app, BrowserWindow } = require('electron');

app
  .whenReady()
  .then(async () => {
    const window = new BrowserWindow({ show: false, webPreferences: { sandbox: true, contextIsolation: true } });
    await window.loadURL('data:text/html,<title>check</title><canvas></canvas>');
    const answer = await window.webContents.executeJavaScript('6 * 7');
    if (answer !== 42) throw new Error(`the page answered ${answer}`);
    const { electron, chrome, node } = process.versions;
    process.stdout.write(`${JSON.stringify({ electron, chromium: chrome, nodeOfElectron: node })}\n`, () => app.exit(0));
  })
  .catch((/** @type {unknown} */ error) => {
    console.error(error);
    app.exit(1);
  });
