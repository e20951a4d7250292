// The verdict of the filters that are on: their sum and the probabilities in words, and their map on the
// stage, as soon as the page's switches show another choice. Scores are sums over filters, so what is
// left is what there was less what is gone: model/filter_shares.py. The page runs all the same, and then
// finds shown what it sends. The sound takes longer, so it is begun when the pointer or the focus comes to
// a switch.

import { percent } from "./words.js";

// The name of one filter's map, as pages/panels/switched_filters.py writes it.
const OWN = /^filter (\d+) (\S+)( off)?$/;
const SHOWN = 4; // genres
const NEAR = ["pointerover", "focusin"];

export class Switches {
  /**
   * `root` is where the words go. `facts` has the filters with a switch ("channels"), the beginning of
   * their elements' keys ("control"), the names that pages/panels/switched_filters.py gives to
   * pictures, and numbers: arrays.maps are the filters' maps, in units of `steps`, arrays.lost what they add to every score.
   */
  constructor(root, facts, stageOf) {
    this.root = root;
    this.facts = facts;
    this.stageOf = stageOf;
    this.find = (selector) => root.querySelector(selector);
    this.off = [];
    this.find(".genre").textContent = facts.noun;
    this.#say(this.off);
    this.watch = new MutationObserver(() => this.follow());
    const attributeFilter = ["data-selected"]; // as Streamlit marks a switch that is on
    this.watch.observe(document.body, { subtree: true, attributes: true, attributeFilter });
    this.near = ({ target }) => this.#expect(target);
    for (const type of NEAR) document.addEventListener(type, this.near);
    this.follow();
  }

  close() {
    this.watch.disconnect();
    for (const type of NEAR) document.removeEventListener(type, this.near);
    this.root.remove();
  }

  /** Show what is left, if the switches are there. */
  follow() {
    const off = this.#off();
    if (!off) return;
    if (`${off}` !== `${this.off}`) {
      this.off = off;
      this.#say(off);
    }
    const stage = this.stageOf();
    const shown = stage?.panels.map(({ evidence }) => evidence) ?? [];
    const left = this.apply(shown);
    if (left !== shown) stage.show(left);
  }

  /** The maps of the filters that are on, in place of these; the same if they are that or others. */
  apply(evidences) {
    const off = this.#off();
    return off ? this.#applied(evidences, off) : evidences;
  }

  #applied(evidences, off) {
    const { picture } = this.facts;
    const [all, own] = evidences;
    const about = OWN.exec(own?.id);
    if (!about || !all.id.startsWith(`${picture} [`)) return evidences;
    const left = this.#left(all, off);
    const alone = this.#alone(own, about, off);
    return left === all && alone === own ? evidences : [left, alone];
  }

  // Have the sounds made of what would be shown if the switch were turned that somebody may turn next.
  #expect(target) {
    const channel = this.#channelAt(target);
    if (channel === null) return;
    const off = this.#off();
    const stage = this.stageOf();
    if (!off || !stage) return;
    const turned = off.includes(channel)
      ? off.filter((each) => each !== channel)
      : [...off, channel].sort((a, b) => a - b);
    if (`${turned}` === this.expected) return;
    this.expected = `${turned}`;
    const shown = stage.panels.map(({ evidence }) => evidence);
    stage.prepare(this.#applied(shown, turned).filter((each) => !shown.includes(each)));
  }

  // The channel of the switch that an element belongs to, or null.
  #channelAt(element) {
    const start = `st-key-${this.facts.control}`;
    const classes = element.closest?.(`[class*="${start}"]`)?.classList ?? [];
    const key = [...classes].find((name) => name.startsWith(start));
    return key ? Number(key.slice(start.length)) : null;
  }

  // The channels of the switches that are off, in order; nothing if a switch is not on the page.
  #off() {
    const { channels, control } = this.facts;
    const inputs = document.querySelectorAll(`[class*="st-key-${control}"] [type=checkbox]`);
    if (inputs.length !== channels.length) return null;
    const off = [...inputs].filter(({ checked }) => !checked);
    return off.map((input) => this.#channelAt(input)).sort((a, b) => a - b);
  }

  #left(all, off) {
    const { picture, titles, total, arrays } = this.facts;
    const id = `${picture} [${off.join(", ")}]`;
    if (all.id === id) return all;
    const values = arrays.all.slice();
    for (const channel of off) {
      const at = this.facts.channels.indexOf(channel);
      const weight = arrays.weights[at] * arrays.steps[at];
      const map = this.#mapAt(at);
      for (let i = 0; i < values.length; i++) values[i] -= weight * map[i];
    }
    const title = off.length ? titles.some.replace("{on}", total - off.length) : titles.all;
    return { ...all, id, title, scale: largest(values), map: { ...all.map, values } };
  }

  #alone(own, [, channel, network, gone], off) {
    const isOff = off.includes(Number(channel));
    const at = this.facts.channels.indexOf(Number(channel));
    if (at < 0 || isOff === Boolean(gone)) return own;
    const step = isOff ? 0 : this.facts.arrays.steps[at];
    const values = Float32Array.from(this.#mapAt(at), (level) => step * level);
    const id = `filter ${channel} ${network}${isOff ? " off" : ""}`;
    return { ...own, id, scale: largest(values), map: { ...own.map, values } };
  }

  #mapAt(at) {
    const { all, maps } = this.facts.arrays;
    return maps.subarray(at * all.length, (at + 1) * all.length);
  }

  #say(off) {
    const { channels, names, genre, bias, total, temperature, arrays } = this.facts;
    const scores = Float64Array.from(arrays.scores);
    for (const channel of off) {
      const at = channels.indexOf(channel) * names.length;
      for (let i = 0; i < names.length; i++) scores[i] -= arrays.lost[at + i];
    }
    const before = softmax(arrays.scores, temperature);
    const now = softmax(scores, temperature);
    const say = (selector, words) => {
      this.find(selector).textContent = words;
    };
    say(".count", off.length ? `${total - off.length} filters` : `All ${total} filters`);
    say(".added", signed(scores[genre] - bias, 2));
    say(".bias", signed(bias, 2));
    say(".total", signed(scores[genre], 2));
    say(".likely", percent(now[genre]));
    const most = [...names.keys()].sort((a, b) => now[b] - now[a]).slice(0, SHOWN);
    if (!most.includes(genre)) most[SHOWN - 1] = genre;
    const lines = most.map((i) => {
      const moved = off.length ? ` (${signed(100 * (now[i] - before[i]), 0)} points)` : "";
      const line = this.find("template").content.firstElementChild.cloneNode(true);
      line.querySelector("span").textContent = `${names[i]} ${percent(now[i])}${moved}`;
      line.querySelector("i").style.width = `${100 * now[i]}%`;
      return line;
    });
    this.find(".odds").replaceChildren(...lines);
  }
}

function largest(values) {
  return values.reduce((most, value) => Math.max(most, value), 0);
}

/** Probabilities from scores: softmax of model/networks/classifier.py. */
function softmax(scores, temperature) {
  const most = Math.max(...scores);
  const odds = Array.from(scores, (score) => Math.exp((score - most) / temperature));
  const sum = odds.reduce((all, each) => all + each, 0);
  return odds.map((each) => each / sum);
}

function signed(number, digits) {
  return `${number < 0 ? "" : "+"}${number.toFixed(digits)}`.replace("-", "\u2212");
}
