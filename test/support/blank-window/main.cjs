/** An empty window of a real browser engine, for tests that need one which nobody here wrote. */
const { app, BrowserWindow } = require('electron');

/** Kept, or the engine closes it. */
let window;

app.whenReady().then(() => {
  window = new BrowserWindow();
  // What a page opens beside itself is looked at elsewhere.
  window.webContents.setWindowOpenHandler(() => ({ action: 'deny' }));
  return window.loadURL('data:text/html,<title>empty</title>');
});
