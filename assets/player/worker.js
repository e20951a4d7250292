// What runs in the worker, so that neither the sound nor the page waits for it: gets a clip first, and
// then one request after the other.

import { Renderer } from "./renderer.js";

let renderer = null;

self.onmessage = ({ data }) => {
  if (data.clip) {
    renderer = new Renderer(data.clip);
    return;
  }
  const part = renderer.render(renderer.maskFor(data));
  self.postMessage({ voice: data.voice, ...part }, [part.kept.buffer]);
};
