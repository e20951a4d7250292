// What Streamlit calls for every element of this component, and again whenever its data change. There
// are three kinds: one that only brings a clip, once for all the stages that show it, the stages, and one
// that brings maps ahead.

import { Ahead } from "./ahead.js";
import { readClip, unpack } from "./payload.js";
import { Stage } from "./stage.js";

const clips = new Map(); // by the element that brought them
const stages = new Map(); // by the element that shows them
const aheads = new Map(); // by the element that brought them
const waiting = new Map(); // what to do once a clip is there, by the stage's element

export default function component({ data, parentElement, setStateValue }) {
  const { kind, ...content } = unpack(data);
  if (kind === "clip") return keepClip(parentElement, content);
  if (kind === "ahead") return keepAhead(parentElement, content);
  return keepStage(parentElement, content, (settings) => setStateValue("settings", settings));
}

function keepClip(parent, content) {
  if (clips.get(parent)?.id !== content.id) clips.set(parent, readClip(content));
  for (const show of [...waiting.values()]) show();
  return () => clips.delete(parent);
}

function keepAhead(parent, { clip, from, words, controls, ...maps }) {
  const choices = evidencesOf(maps).map((evidence, i) => ({ evidence, words: words[i] }));
  const shows = (stage) => stage.clip.id === clip && stage.panels.length === 1;
  const stageOf = () => [...stages.values()].find(shows);
  aheads.get(parent)?.close();
  aheads.set(parent, new Ahead({ from, choices, controls }, stageOf));
  return () => {
    aheads.get(parent)?.close();
    aheads.delete(parent);
  };
}

function keepStage(parent, content, report) {
  const show = () => showStage(parent, content, report);
  waiting.set(parent, show);
  show();
  return () => {
    waiting.delete(parent);
    stages.get(parent)?.close();
    stages.delete(parent);
  };
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
  stage.show(evidencesOf(maps));
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
