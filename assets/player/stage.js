// A stage: one clip, the pictures of one or several classes, and one player for all of them.

import { boxSeconds, isInBox } from "./box.js";
import { BoxForm } from "./boxform.js";
import { listenToControls, offerParts, showSettings } from "./controls.js";
import { listenToPointer } from "./gestures.js";
import { Panel } from "./panel.js";
import { paintLoudness } from "./picture.js";
import { Player } from "./player.js";
import { View } from "./view.js";
import { clock } from "./words.js";

// Colours of a clip that the style sheets use, too.
const INKS = ["rim", "line", "box", "ink"];
const REPORT_AFTER = 250; // ms after the last change of a setting

let made = 0; // stages, to give every stage's radio buttons a name of their own

export class Stage {
  /** `report` gets the settings some time after the user has changed them. */
  constructor(root, clip, settings, report) {
    this.root = root;
    this.clip = clip;
    this.settings = settings; // {threshold, opacity, bed, against}
    this.report = report;
    this.name = `stage-${made++}`;
    this.find = (selector) => root.querySelector(selector);
    this.view = new View(clip);
    this.loudness = paintLoudness(clip);
    for (const name of INKS) root.style.setProperty(`--${name}`, clip.colours[name]);
    this.panels = [];
    this.coming = []; // maps that may be shown next
    this.player = new Player(clip, {
      finished: (voice, share) => this.#finished(voice, share),
      stopped: (why) => this.#stopped(why),
      broken: () => this.#broken(),
    });
    this.player.setBed(settings.bed);
    this.form = new BoxForm(root, clip, (box) => this.setBox(box));
    listenToControls(root, this);
    this.resizing = new ResizeObserver(() => this.draw());
    this.resizing.observe(this.find(".panels"));
    this.find(".mend").addEventListener("click", () => this.#mend());
    this.find(".end").textContent = clock(clip.start + clip.seconds, 0);
  }

  close() {
    this.player.close();
    this.resizing.disconnect();
    clearTimeout(this.reporting);
    cancelAnimationFrame(this.drawing);
  }

  /** Show these maps; those that are shown already stay as they are. */
  show(evidences) {
    const count = Math.max(evidences.length, 1);
    while (this.panels.length > count) this.#removePanel();
    while (this.panels.length < count) this.#addPanel();
    const changed = [...this.panels.keys()].filter((index) => {
      return this.panels[index].evidence?.id !== evidences[index]?.id;
    });
    for (const index of changed) {
      this.panels[index].setEvidence(evidences[index] ?? null, this.settings);
      this.player.drop(`kept-${index}`);
    }
    this.root.classList.toggle("several", count > 1);
    this.find(".panels").classList.toggle("two", count === 2);
    this.find(".against").hidden = !evidences.some(({ signed }) => signed);
    this.find(".sliders").hidden = evidences.length === 0;
    showSettings(this.root, this.settings);
    this.#offerParts();
    this.activate(Math.min(this.player.active, count - 1));
    this.#keep(changed);
    this.draw();
  }

  #addPanel() {
    const template = this.root.getRootNode().querySelector("#panel");
    const panel = new Panel(template, this.name, this.clip, this.loudness);
    const index = this.panels.length;
    this.panels.push(panel);
    this.find(".panels").append(panel.root);
    panel.radio.addEventListener("change", () => this.activate(index));
    listenToPointer(panel, this.clip, {
      view: () => this.view,
      box: () => this.player.box,
      seek: (place) => {
        this.activate(index);
        if (this.player.box && !isInBox(place, this.player.box, this.clip)) this.setBox(null);
        this.seek(place.seconds);
      },
      draw: (box) => this.#showBox(box),
      done: () => {
        this.activate(index);
        this.setBox(this.form.box);
      },
      hover: (place) => {
        for (const each of this.panels) each.pointAt(place, this.view);
      },
      zoom: (factor, at) => this.zoom(factor, at),
    });
  }

  #removePanel() {
    this.panels.pop().root.remove();
    this.player.drop(`kept-${this.panels.length}`);
  }

  // What the maps keep, first for the panel that is heard
  #keep(indices) {
    const { active } = this.player;
    for (const index of [...indices].sort((a, b) => (b === active) - (a === active))) {
      const { evidence, speaks } = this.panels[index];
      if (speaks) this.player.keep(index, evidence, this.settings.threshold);
    }
  }

  /** Have the sounds ready of maps that may be shown next; of an empty one nothing is kept. */
  prepare(evidences) {
    this.coming = evidences.filter(({ scale }) => scale > 0);
    this.player.prepare(this.coming, this.settings.threshold);
  }

  #finished(voice, share) {
    if (voice === "box") return;
    const panel = this.panels[Number(voice.split("-")[1])];
    panel.share = share;
    panel.say(this.player.box);
  }

  #stopped(why) {
    this.find(".silence").textContent = why;
    this.#showPlaying();
  }

  // The pictures stay, and the original can still be heard.
  #broken() {
    this.find(".broken").hidden = false;
    for (const panel of this.panels) {
      panel.share = null;
      panel.say(this.player.box);
    }
    this.#offerParts();
  }

  #mend() {
    this.find(".broken").hidden = true;
    this.player.mend();
    this.#keep([...this.panels.keys()]);
    this.prepare(this.coming);
    this.player.setBox(this.player.box);
    this.#offerParts();
  }

  draw() {
    cancelAnimationFrame(this.drawing);
    this.drawing = requestAnimationFrame(() => {
      for (const panel of this.panels) panel.draw(this.view, this.settings);
      this.#showBox(this.form.box);
      this.#placeCursors();
      this.find(".zoom-out").disabled = this.find(".zoom-all").disabled = this.view.isAll;
    });
  }

  #placeCursors() {
    const seconds = this.player.position;
    for (const panel of this.panels) panel.placeCursor(seconds, this.view);
    this.find(".now").textContent = clock(this.clip.start + seconds, 1);
  }

  /** Change a setting. */
  set(name, value) {
    this.settings[name] = value;
    showSettings(this.root, this.settings);
    for (const panel of this.panels.filter(({ evidence }) => evidence)) {
      if (name === "against") panel.paint(this.settings);
      if (name === "threshold") panel.trace(this.settings);
    }
    if (name === "threshold") {
      this.#keep([...this.panels.keys()]);
      this.prepare(this.coming);
    }
    if (name === "bed") this.player.setBed(value);
    this.draw();
  }

  // A little later, for a key that is held down changes a setting many times a second.
  reportSoon() {
    clearTimeout(this.reporting);
    this.reporting = setTimeout(() => {
      this.report({ ...this.settings, clip: this.clip.id, box: this.player.box });
    }, REPORT_AFTER);
  }

  zoom(factor, at = this.player.position) {
    this.view.zoom(factor, at);
    this.draw();
  }

  zoomToBox() {
    const { box } = this.player;
    this.view.show(...boxSeconds(box, this.clip), box.firstBand - 0.5, box.lastBand + 0.5);
    this.draw();
  }

  showAll() {
    this.view.showAll();
    this.draw();
  }

  playOrPause() {
    if (this.player.playing) {
      this.player.pause();
    } else {
      this.find(".silence").textContent = "";
      this.find(".invitation").textContent = "";
      this.player.play();
      this.#showPlaying();
      this.#follow();
    }
  }

  /** Say on the button what it plays, until it has been pressed. */
  invite(words) {
    this.find(".invitation").textContent = this.player.playing ? "" : words;
    this.#namePlay();
  }

  #namePlay() {
    const words = this.find(".invitation").textContent || "Play";
    this.find(".play").setAttribute("aria-label", this.player.playing ? "Pause" : words);
  }

  #showPlaying() {
    this.root.classList.toggle("playing", this.player.playing);
    this.#namePlay();
    this.#tellPosition();
    this.#placeCursors();
  }

  #follow() {
    cancelAnimationFrame(this.following);
    this.following = requestAnimationFrame((now) => {
      this.player.mind(now);
      if (!this.player.playing) return;
      const seconds = this.player.position;
      if (seconds > this.view.to || seconds < this.view.from) {
        this.view.show(seconds, seconds + this.view.to - this.view.from);
        this.draw();
      }
      this.#placeCursors();
      this.#follow();
    });
  }

  seek(seconds) {
    this.player.seek(seconds);
    this.#tellPosition();
    this.#placeCursors();
  }

  // Only when the user has asked for it: a screen reader would speak without an end.
  #tellPosition() {
    const seconds = this.player.position;
    for (const { plot } of this.panels) {
      plot.setAttribute("aria-valuenow", seconds.toFixed(1));
      plot.setAttribute("aria-valuetext", `${(this.clip.start + seconds).toFixed(1)} seconds`);
    }
  }

  choose(part) {
    this.player.choose(part);
    this.find(`.parts [value=${part}]`).checked = true;
  }

  activate(index) {
    this.player.activate(index);
    this.panels.forEach((panel, each) => {
      panel.root.classList.toggle("active", each === index);
      panel.radio.checked = each === index;
    });
  }

  #offerParts() {
    const { box, broken } = this.player;
    const parts = ["original"];
    if (!broken && this.panels.some(({ evidence }) => evidence)) parts.push("kept", "rest");
    if (!broken && box) parts.push("box", "outside");
    offerParts(this.root, `${this.name}-part`, parts, (part) => this.choose(part));
    this.choose(parts.includes(this.player.part) ? this.player.part : "original");
  }

  #showBox(box) {
    this.form.show(box);
    for (const panel of this.panels) {
      panel.placeBox(box, this.view);
      panel.say(box);
    }
  }

  addBox() {
    this.setBox(this.form.propose(this.player.position, this.view));
    this.find(".from").focus();
  }

  /** Show a box that was there before. */
  restoreBox(box) {
    this.player.setBox(box);
    this.#showBox(box);
    this.#offerParts();
  }

  /** Settle on a box and let it be heard, or remove it. */
  setBox(box) {
    const heard = ["box", "outside"].includes(this.player.part);
    this.restoreBox(box);
    if (box && !heard && !this.player.broken) this.choose("box");
    this.player.playBox();
    this.#placeCursors();
    const shares = this.panels.map((panel) => panel.find(".share").textContent).join(" ");
    this.find(".said").textContent = box ? `${this.form.inWords()} ${shares}` : "Box removed";
    this.reportSoon();
  }
}
