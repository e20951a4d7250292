// Maps that were sent ahead, of what may be chosen next: they are shown as soon as the elements of the page
// show the choice, and their sounds are made before. The page runs all the same, and then finds shown what
// it sends.

export class Ahead {
  /**
   * `from` is the map that the page shows, {id, words}; `choices` are those that may follow it,
   * {evidence, words}. Words are what the page's elements say then, in the order of `controls`, the keys
   * of these elements. `stageOf` finds the stage with the one map, if it is there.
   */
  constructor({ from, choices, controls }, stageOf) {
    this.from = from;
    this.choices = choices;
    this.controls = controls;
    this.stageOf = stageOf;
    this.before = null; // the map that the page shows
    this.prepared = null; // the stage that makes the sounds
    this.watch = new MutationObserver(() => this.follow());
    const attributeFilter = ["value", "aria-checked"];
    this.watch.observe(document.body, { subtree: true, attributes: true, attributeFilter });
    this.follow();
  }

  close() {
    this.watch.disconnect();
  }

  /** Show what is chosen, if it is at hand and what is shown now is known as well. */
  follow() {
    const stage = this.stageOf();
    const shown = stage?.panels[0].evidence;
    if (!shown) return;
    if (shown.id === this.from.id) this.before = shown;
    const known = [{ evidence: this.before, words: this.from.words }, ...this.choices];
    if (this.prepared !== stage && this.before) {
      stage.prepare(known.map(({ evidence }) => evidence));
      this.prepared = stage;
    }
    if (!known.some(({ evidence }) => evidence?.id === shown.id)) return;
    const said = this.controls.map(wordsOf);
    const chosen = known.find(({ words }) => words.every((word, i) => word === said[i]))?.evidence;
    if (chosen && chosen.id !== shown.id) stage.show([chosen]);
  }
}

/** What an element of Streamlit's says is chosen: a list, or a row of buttons. */
function wordsOf(key) {
  const element = document.querySelector(`.st-key-${key}`);
  const list = element?.querySelector("[role=combobox]");
  return list ? list.value : element?.querySelector("[role=radio][aria-checked=true]")?.textContent;
}
