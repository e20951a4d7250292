// What a pointer does on a picture: a click seeks, a drag over the picture draws a box, a drag of the box
// or of one of its corners changes it. A finger that drags over the picture scrolls the page.

import { boxBetween, movedBox } from "./box.js";

const STILL = 4; // px within which a press counts as a click

/**
 * `actions` has view() and box(), which give what is shown; seek(place), draw(box) for as long as a
 * drag goes on, done() at its end, hover(place or null) and zoom(factor, seconds). A place is {seconds,
 * band}.
 */
export function listenToPointer(panel, clip, actions) {
  const { plot } = panel;

  const place = (event) => {
    const { left, top, width, height } = plot.getBoundingClientRect();
    const share = (value) => Math.min(Math.max(value, 0), 1);
    return {
      seconds: actions.view().secondsAt(share((event.clientX - left) / width)),
      band: actions.view().bandAt(share((event.clientY - top) / height)),
    };
  };

  // How a drag that begins on this element changes the box; undefined if it is not for us.
  const dragFrom = (event) => {
    const begin = place(event);
    const box = actions.box();
    const corner = event.target.closest("i")?.className;
    if (corner) {
      const fixed = cornerOf(box, corner, clip);
      return (now) => boxBetween(fixed, now, clip);
    }
    if (event.target.closest(".box")) {
      const cells = (from, to, perUnit) => Math.round((to - from) * perUnit);
      return (now) => {
        const along = cells(begin.seconds, now.seconds, clip.rate / clip.hop);
        return movedBox(box, along, cells(begin.band, now.band, 1), clip);
      };
    }
    if (event.pointerType === "touch") return undefined;
    return (now) => boxBetween(begin, now, clip);
  };

  plot.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || !event.isPrimary) return;
    const begin = { x: event.clientX, y: event.clientY };
    const change = dragFrom(event);
    let dragged = false;
    plot.setPointerCapture(event.pointerId);
    const end = new AbortController();
    const on = (type, listener) => plot.addEventListener(type, listener, { signal: end.signal });
    on("pointermove", (move) => {
      dragged ||= Math.hypot(move.clientX - begin.x, move.clientY - begin.y) > STILL;
      if (dragged && change) actions.draw(change(place(move)));
    });
    on("pointerup", (up) => {
      end.abort();
      if (dragged && change) actions.done();
      else if (!dragged) {
        actions.seek(place(up));
        actions.hover(place(up)); // for a finger, which can not hover
      }
    });
    on("pointercancel", () => {
      end.abort();
      if (dragged && change) actions.draw(actions.box()); // the one that is heard
    });
  });

  plot.addEventListener("pointermove", (event) => {
    if (event.pointerType !== "touch") actions.hover(place(event));
  });
  plot.addEventListener("pointerleave", () => actions.hover(null));

  plot.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault(); // or the browser would zoom the page
    actions.zoom(Math.exp(-event.deltaY / 200), place(event).seconds);
  });
}

/** The corner of a box that stays where it is while the one named is dragged. */
function cornerOf(box, dragged, clip) {
  const second = clip.hop / clip.rate;
  return {
    seconds: (dragged.endsWith("e") ? box.firstFrame - 0.5 : box.lastFrame + 0.5) * second,
    band: dragged.startsWith("n") ? box.firstBand - 0.5 : box.lastBand + 0.5,
  };
}
