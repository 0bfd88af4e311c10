// Puts the parts together once the index is unpacked.

const PRINTED_LINES = 1000;
const PRINTED_WHOLE = 100;

const byId = (id) => document.getElementById(id);

function options(select, values) {
  for (const [value, words] of values) select.append(make("option", { value }, words));
}

function counts(values) {
  const found = new Map();
  for (const value of values) found.set(value, (found.get(value) || 0) + 1);
  return found;
}

/** Fills the choices with what is there, each with its number of findings. */
function fillFilters(index, form) {
  const media = counts(index.media);
  options(form.medium, Object.keys(MEDIA).filter((key) => media.has(key)).map((key) => [key, `${MEDIA[key]} (${grouped(media.get(key))})`]));
  const verdicts = counts(index.verdict);
  options(form.verdict, Object.keys(VERDICTS).filter((key) => verdicts.has(key)).map((key) => [key, `${VERDICTS[key]} (${grouped(verdicts.get(key))})`]));
  const kinds = counts(index.kind);
  options(form.kind, index.kinds.map((words, key) => [key, `${words} (${grouped(kinds.get(key) || 0)})`]));
  const strengths = counts(index.strength);
  options(form.strength, Object.keys(STRENGTHS).filter((key) => strengths.has(key)).map((key) => [key, `${STRENGTHS[key]} (${grouped(strengths.get(key))})`]));
  const holders = counts(index.work.map((work) => index.works[work][3]));
  const named = index.holders.map((name, key) => [key, name]).filter(([key]) => holders.has(key));
  named.sort((a, b) => holders.get(b[0]) - holders.get(a[0]) || a[0] - b[0]);
  options(form.holder, named.map(([key, name]) => [key, `${name || "not stated"} (${grouped(holders.get(key))})`]));
}

/** What an address names after its #; nothing where that is no text. */
function named(hash) {
  try {
    return decodeURIComponent(hash.slice(1));
  } catch {
    return "";
  }
}

class Browser {
  constructor(index) {
    this.index = index;
    this.form = byId("filter");
    this.review = new Review(index);
    this.chosen = -1;
    this.list = new LongList(byId("list"), (number) => listLine(index, this.review, number),
      (number, byHand) => this.open(number, byHand));
    fillFilters(index, this.form);
    this.listen();
    this.update();
    this.follow();
  }

  listen() {
    let wait = 0;
    this.form.addEventListener("input", () => {
      clearTimeout(wait);
      wait = setTimeout(() => this.update(), 60);
    });
    this.form.addEventListener("submit", (event) => event.preventDefault());
    this.form.addEventListener("reset", () => setTimeout(() => this.update()));
    addEventListener("hashchange", () => this.follow());
    addEventListener("beforeprint", () => this.printLines());
    byId("print").addEventListener("click", () => this.printWhole());
    byId("list").addEventListener("keydown", (event) => this.key(event));
    for (const link of document.querySelectorAll("[data-holder]")) {
      link.addEventListener("click", () => {
        const number = this.index.holders.indexOf(link.dataset.holder);
        this.form.reset();
        setTimeout(() => { this.form.holder.value = String(number); this.update(); });
      });
    }
    for (const link of document.querySelectorAll("[data-work]")) {
      link.addEventListener("click", () => {
        this.form.reset();
        setTimeout(() => { this.form.search.value = link.dataset.work; this.update(); });
      });
    }
    const reviewer = byId("reviewer");
    reviewer.value = this.review.reviewer;
    reviewer.addEventListener("input", () => { this.review.reviewer = reviewer.value.trim(); this.review.keep(); });
    byId("save").addEventListener("click", () => this.save());
    byId("load").addEventListener("change", (event) => this.load(event.target.files[0]));
    addEventListener("beforeunload", (event) => { if (this.review.unsaved) event.preventDefault(); });
  }

  /** Reads the filter and shows what fits it. */
  update() {
    const form = this.form;
    const filter = {
      search: form.search.value, medium: form.medium.value, verdict: form.verdict.value, kind: form.kind.value,
      strength: form.strength.value, holder: form.holder.value, review: form.review.value,
    };
    const numbers = select(this.index, filter, (number) => this.review.of(number));
    this.numbers = order(this.index, numbers, form.sort.value);
    this.list.show(this.numbers, this.chosen);
    byId("count").textContent = this.numbers.length === this.index.id.length
      ? `${grouped(this.numbers.length)} findings`
      : `${grouped(this.numbers.length)} of ${grouped(this.index.id.length)} findings`;
    this.tell();
    if (this.chosen < 0 && this.numbers.length) this.open(this.numbers[0], false);
  }

  /** Opens the finding that the address names. */
  follow() {
    const number = this.index.id.indexOf(named(location.hash));
    if (number < 0) return;
    if (!this.numbers.includes(number)) {
      this.form.reset();
      setTimeout(() => { this.update(); this.follow(); });
      return;
    }
    this.list.go(this.numbers.indexOf(number), true);
  }

  async open(number, byHand) {
    this.chosen = number;
    const detail = byId("detail");
    const contents = await article(this.index, number, "h3");
    if (this.chosen !== number) return;
    detail.replaceChildren(...contents, this.reviewPart(number), this.onward(number));
    detail.scrollTop = 0;
    if (byHand) {
      history.replaceState(null, "", `#${encodeURIComponent(this.index.id[number])}`);
      // On a phone the finding stands below the list.
      if (matchMedia("(max-width: 60rem)").matches) detail.querySelector(".title").focus();
    }
  }

  onward(number) {
    const link = make("a", { href: `#${encodeURIComponent(this.index.id[number])}` }, "Link to this finding");
    const back = make("a", { href: "#findings-title" }, "Back to the list");
    return make("p", { class: "onward" }, link, " ", back);
  }

  reviewPart(number) {
    const own = this.review.own.get(number);
    const comment = make("textarea", { rows: 2, maxlength: MOST_COMMENT, id: "comment" });
    comment.value = own ? own.comment : "";
    const buttons = Object.entries(WORDS).map(([decision, words]) => {
      const pressed = Boolean(own) && own.decision === decision;
      const button = make("button", { type: "button", "aria-pressed": String(pressed), "data-decision": decision }, words);
      button.addEventListener("click", () => this.decide(number, pressed ? null : decision));
      return button;
    });
    comment.addEventListener("change", () => {
      const now = this.review.own.get(number);
      this.review.decide(number, now ? now.decision : "unsure", comment.value);
      this.decided(number);
    });
    const merged = (this.review.merged.get(number) || []).map((each) => make("li", null,
      make("b", null, WORDS[each.decision]), " by ", foreign(each.reviewer), ` on ${each.date}`,
      each.comment ? make("q", null, foreign(each.comment)) : null));
    return make("section", { class: "review" },
      make("h4", null, "Review"),
      merged.length ? make("ul", { class: "records" }, ...merged) : null,
      make("div", { role: "group", "aria-label": "Decision", class: "choices" }, ...buttons),
      make("label", { for: "comment" }, "Comment"), comment);
  }

  decide(number, decision) {
    const comment = byId("comment");
    this.review.decide(number, decision, comment ? comment.value : "");
    this.decided(number);
    const pressed = document.querySelector("[data-decision][aria-pressed=true]");
    if (pressed) pressed.focus({ preventScroll: true });
  }

  decided(number) {
    this.list.draw(true);
    this.tell();
    const part = byId("detail").querySelector(".review");
    if (part && this.chosen === number) part.replaceWith(this.reviewPart(number));
  }

  tell() {
    const made = this.review.own.size;
    byId("save").disabled = made === 0;
    byId("made").textContent = made === 1 ? "1 decision made in this browser" : `${grouped(made)} decisions made in this browser`;
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || this.chosen < 0) return;
    const decisions = { c: "confirmed", r: "rejected", u: "unsure" };
    if (event.key in decisions) {
      const comment = (this.review.own.get(this.chosen) || {}).comment || "";
      this.review.decide(this.chosen, decisions[event.key], comment);
      this.decided(this.chosen);
    } else if (event.key === "Enter") {
      event.preventDefault();
      byId("detail").querySelector(".title").focus();
    }
  }

  save() {
    if (!this.review.reviewer) {
      byId("reviewer").focus();
      byId("said").textContent = "Enter your name first: decisions are saved with it.";
      return;
    }
    const name = this.review.reviewer.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "") || "reviewer";
    download(`decisions-${name}.json`, `${JSON.stringify(this.review.file(), null, 1)}\n`);
    this.review.unsaved = 0;
    byId("said").textContent = "Saved. Merge with: clearance report OUT --decisions FILE";
  }

  async load(file) {
    if (!file) return;
    let known = 0;
    try {
      known = this.review.read(JSON.parse(await file.text()));
    } catch {
      // Said below: nothing in it belongs here.
    }
    byId("reviewer").value = this.review.reviewer;
    byId("said").textContent = `${grouped(known)} decisions of findings on this page read.`;
    this.review.keep();
    this.update();
    if (this.chosen >= 0) this.decided(this.chosen);
  }

  /** What is printed besides the overview: a line for each selected finding. */
  printLines() {
    const sheet = byId("sheet");
    if (sheet.dataset.whole) return;
    const shown = this.numbers.slice(0, PRINTED_LINES);
    const row = (number) => make("tr", null,
      make("td", null, foreign(titleOf(this.index, number))), make("td", null, this.index.kinds[this.index.kind[number]]),
      make("td", null, foreign(this.index.files[this.index.file[number]]), `, row ${this.index.row[number]}`),
      make("td", null, STRENGTHS[this.index.strength[number]]), make("td", null, VERDICTS[this.index.verdict[number]]),
      make("td", null, make("code", null, foreign(this.index.id[number]))));
    const head = make("tr", null, ...["Work", "Kind", "Place", "Evidence", "Verdict", "Finding"].map((name) => make("th", { scope: "col" }, name)));
    sheet.replaceChildren(
      make("p", null, `${grouped(shown.length)} of ${grouped(this.numbers.length)} selected findings${this.numbers.length > shown.length ? `; a print has at most ${grouped(PRINTED_LINES)}` : ""}.`),
      make("table", null, make("thead", null, head), make("tbody", null, ...shown.map(row))));
  }

  /** Prints the selected findings with their evidence. */
  async printWhole() {
    const sheet = byId("sheet");
    const shown = this.numbers.slice(0, PRINTED_WHOLE);
    const articles = [];
    for (const number of shown) articles.push(make("article", null, ...(await article(this.index, number, "h3"))));
    sheet.replaceChildren(
      make("p", null, `${grouped(shown.length)} of ${grouped(this.numbers.length)} selected findings with their evidence${this.numbers.length > shown.length ? `; a print has at most ${PRINTED_WHOLE}` : ""}.`),
      ...articles);
    sheet.dataset.whole = "yes";
    print();
    delete sheet.dataset.whole;
  }
}

async function start() {
  if (typeof DecompressionStream === "undefined" || !byId("browser")) return;
  const index = await block("data-index");
  byId("browser").hidden = false;
  byId("waiting").remove();
  new Browser(index);
  document.documentElement.dataset.ready = "yes";
}

start().catch((error) => {
  byId("waiting").textContent = `The findings in this page could not be unpacked (${error}). They stand in findings.parquet and findings.jsonl.`;
});
