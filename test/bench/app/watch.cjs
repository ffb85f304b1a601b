/**
 * Loaded into the main process ahead of the program: tells when one may dial, and runs in the page what the bench asks for.
 * Nothing of it is in the product.
 */
const { app } = require('electron');

/** The field is there, may be typed into and has been drawn. */
const DIAL = `new Promise((resolve) => {
  const look = () => {
    const field = document.querySelector('.dial-input');
    if (!field || field.disabled) return false;
    requestAnimationFrame(() => setTimeout(() => resolve(Date.now())));
    return true;
  };
  if (look()) return;
  const watch = new MutationObserver(() => look() && watch.disconnect());
  watch.observe(document, { childList: true, subtree: true });
})`;

const tell = (told) => process.send?.(told);
let page;

app.on('web-contents-created', (_event, contents) => {
  if (page) return;
  page = contents;
  contents.once('dom-ready', () => {
    contents.executeJavaScript(DIAL).then(
      (at) => tell({ ready: at }),
      (error) => tell({ failed: error.message }),
    );
  });
});

process.on('message', ({ script, key }) => {
  if (key !== undefined) {
    page.sendInputEvent({ type: 'keyDown', keyCode: key });
    if (key.length === 1) page.sendInputEvent({ type: 'char', keyCode: key });
    page.sendInputEvent({ type: 'keyUp', keyCode: key });
    tell({ value: null });
  } else {
    page.executeJavaScript(script, true).then(
      (value) => tell({ value }),
      (error) => tell({ failed: error.message }),
    );
  }
});
