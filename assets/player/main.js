// What Streamlit calls for every element of this component, and again whenever its data change. There
// are four kinds: one that only brings a clip, once for all the stages that show it, the stages, one
// that brings maps ahead, and one that shows the verdict of filters that can be switched off.

import { Ahead } from "./ahead.js";
import { readClip, unpack } from "./payload.js";
import { Stage } from "./stage.js";
import { Switches } from "./switches.js";

const SOON = 1000; // ms

const clips = new Map(); // by the element that brought them
const stages = new Map(); // by the element that shows them
const aheads = new Map(); // by the element that brought them
const switches = new Map(); // by the element that shows their verdict
const waiting = new Map(); // what to do once a clip is there, by the stage's element
const calls = new Map(); // the last call that holds, {call, before}, by element

export default function component({ data, parentElement, setStateValue }) {
  const { kind, ...content } = unpack(data);
  const report = (settings) => setStateValue("settings", settings);
  const keep = { clip: keepClip, ahead: keepAhead, stage: keepStage, switches: keepSwitches }[kind];
  return hold(parentElement, () => keep(parentElement, content, report));
}

// While this script is still on its way, the data of an element may change. Then Streamlit calls for the
// older data as well, even after the newer, and takes that call back at once. An element that is really
// gone is not in the document any more, or soon will not be.
function hold(parent, call) {
  const before = calls.get(parent);
  if (before) before.before = null; // one is enough
  const mine = { call, before };
  calls.set(parent, mine);
  call();
  return () => {
    if (parent.isConnected && calls.get(parent) === mine && mine.before) {
      calls.set(parent, mine.before);
      mine.before.call();
    }
    for (const wait of [0, SOON]) setTimeout(() => parent.isConnected || letGo(parent), wait);
  };
}

function letGo(parent) {
  stages.get(parent)?.close();
  aheads.get(parent)?.close();
  switches.get(parent)?.close();
  for (const kept of [clips, stages, aheads, switches, waiting, calls]) kept.delete(parent);
}

function keepClip(parent, content) {
  if (clips.get(parent)?.id !== content.id) clips.set(parent, readClip(content));
  for (const show of [...waiting.values()]) show();
}

function keepAhead(parent, { clip, from, words, controls, ...maps }) {
  const choices = evidencesOf(maps).map((evidence, i) => ({ evidence, words: words[i] }));
  const shows = (stage) => stage.clip.id === clip && stage.panels.length === 1;
  const stageOf = () => [...stages.values()].find(shows);
  aheads.get(parent)?.close();
  aheads.set(parent, new Ahead({ from, choices, controls }, stageOf));
}

// Whatever is switched, the same data come again.
function keepSwitches(parent, { clip, id, ...facts }) {
  const before = switches.get(parent);
  if (before?.id === id) return;
  before?.close();
  const template = parent.querySelector("#verdict");
  const root = template.content.firstElementChild.cloneNode(true);
  template.after(root);
  const shows = (stage) => stage.clip.id === clip && stage.panels.length === 2;
  const made = new Switches(root, facts, () => [...stages.values()].find(shows));
  switches.set(parent, Object.assign(made, { id }));
}

function keepStage(parent, content, report) {
  const show = () => showStage(parent, content, report);
  waiting.set(parent, show);
  show();
}

function showStage(parent, { clip: id, settings, invitation, ...maps }, report) {
  const clip = [...clips.values()].find((each) => each.id === id);
  if (!clip) return;
  waiting.delete(parent);
  let stage = stages.get(parent);
  const isNew = stage?.clip.id !== id;
  if (isNew) {
    const template = parent.querySelector("#stage");
    const root = template.content.firstElementChild.cloneNode(true);
    stage?.close();
    stage?.root.remove();
    template.after(root);
    // The user's settings hold for the next clip too, except for the box.
    const { threshold, opacity, bed, against } = stage?.settings ?? settings;
    stage = new Stage(root, clip, { threshold, opacity, bed, against }, report);
    stages.set(parent, stage);
  }
  stage.report = report;
  // A switch may have moved since the page sent them.
  stage.show([...switches.values()].reduce((shown, each) => each.apply(shown), evidencesOf(maps)));
  stage.invite(invitation ?? "");
  if (isNew && settings.box) stage.restoreBox(settings.box);
  if (isNew && settings.part) stage.choose(settings.part);
}

function evidencesOf({ panels, grids, arrays, shapes }) {
  const mapAt = (index, smooth) => {
    const [rows, columns] = shapes[index];
    return { ...grids[index], values: arrays[index], rows, columns, smooth };
  };
  return panels.map(({ of, ...panel }, index) => {
    const map = mapAt(index, panel.smooth);
    if (of) map.of = { whole: mapAt(of.whole, of.smooth), all: mapAt(of.all, true) };
    return { ...panel, map };
  });
}
