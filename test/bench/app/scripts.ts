/** What the bench runs in the page. */

/** Notes for each key how long it took until what it changed had been drawn, from the time that Chromium gave the event. */
export const WATCH_KEYS = `
  window.keysToScreen = [];
  document.querySelector('.dial-input').focus();
  document.addEventListener('keydown', ({ timeStamp }) => {
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => window.keysToScreen.push(performance.now() - timeStamp);
      port2.postMessage(null);
    });
  }, true);
  null
`;

export const KEYS = 'window.keysToScreen';

/** The longest time, in ms, for which the page did nothing else so far; 0 where all of them were short. */
export const LONGEST_FREEZE = `new Promise((told) => {
  const found = [];
  const observer = new PerformanceObserver((list) => found.push(...list.getEntries()));
  observer.observe({ type: 'longtask', buffered: true });
  setTimeout(() => told(Math.max(0, ...found.map(({ duration }) => duration))), 200);
})`;

/** Scrolls the history for four seconds, a row and a half a frame, and counts the frames. */
export const SCROLL = `(async () => {
  document.querySelector('a[href="#recent"]').click();
  const list = await new Promise((found) => {
    const look = () => {
      const it = document.querySelector('main [data-index], main .recent-row');
      it ? found(it) : setTimeout(look, 50);
    };
    look();
  });
  let box = list.parentElement;
  while (box && !/auto|scroll/.test(getComputedStyle(box).overflowY)) box = box.parentElement;
  await new Promise((wait) => setTimeout(wait, 1000));
  const began = performance.now();
  let [frames, last, longestMs] = [0, began, 0];
  while (last - began < 4000) {
    const now = await new Promise(requestAnimationFrame);
    longestMs = Math.max(longestMs, frames === 0 ? 0 : now - last);
    last = Math.max(now, last);
    frames += 1;
    box.scrollTop += 90;
  }
  return { perSecond: frames / ((last - began) / 1000), longestMs, rows: box.scrollTop };
})()`;
