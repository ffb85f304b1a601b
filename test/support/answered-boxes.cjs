/**
 * Loaded into the main process ahead of the program: the boxes of the operating system are not shown, which would wait
 * for a person, but written to stdout, and their first button is pressed.
 */
const { BrowserWindow, dialog } = require('electron');

dialog.showMessageBox = async (...args) => {
  const over = args[0] instanceof BrowserWindow && args[0].isVisible() ? 'the window' : 'nothing';
  const { type, message, detail } = args.at(-1);
  console.log(`box ${JSON.stringify({ over, type, message, detail })}`);
  return { response: 0, checkboxChecked: false };
};
