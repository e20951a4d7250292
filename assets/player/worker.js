// What runs in the worker, so that neither the sound nor the page waits for it: gets a clip first, and
// then one request after the other.

import { Renderer } from "./renderer.js";

// The spectrum of a clip takes a processor for some tenths of a second. While the network listens on the
// same machine, or the page is being drawn, it waits, until it is asked for or this has passed.
const LATER = 1000; // ms

let clip = null;
let renderer = null;

function rendererOfClip() {
  renderer ??= new Renderer(clip);
  return renderer;
}

self.onmessage = ({ data }) => {
  if (data.clip) {
    clip = data.clip;
    setTimeout(rendererOfClip, LATER);
    return;
  }
  const ready = rendererOfClip();
  const part = ready.render(ready.maskFor(data));
  self.postMessage(part, [part.kept.buffer]);
};
