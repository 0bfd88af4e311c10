// One finding, whole: where it is, what agrees, how strongly, and what the rights records say.

function titleOf(index, number) {
  const [id, title] = index.works[index.work[number]];
  return title || id;
}

function place(index, number) {
  return [
    make("code", null, foreign(index.files[index.file[number]])),
    make("span", null, "row ", make("b", null, String(index.row[number]))),
    make("span", null, "column ", make("b", null, foreign(index.columns[index.column[number]]))),
    make("span", null, "item ", make("b", null, String(index.item[number]))),
  ];
}

/** A line of the list. */
function listLine(index, review, number) {
  const verdict = VERDICTS[index.verdict[number]];
  const decided = review.of(number);
  return [
    make("span", { class: "name" }, foreign(titleOf(index, number))),
    make("span", { class: "how" }, STRENGTHS[index.strength[number]]),
    make("span", { class: "what" }, `${index.kinds[index.kind[number]]}, ${MEDIA[index.media[number]]}`),
    make("span", { class: "marks" }, decided === "none" ? null : make("i", null, `${decided} `), badge(verdict)),
    make("span", { class: "at" }, foreign(index.files[index.file[number]]), `, row ${index.row[number]}`),
  ];
}

/** What is missing, when a picture, peaks or a passage could be expected. */
function missing(index, number, card, shown) {
  // What an item declares is read, and there is nothing else to show of it.
  if (shown || card.read) return null;
  const words = {
    a: "No peaks are kept for this finding.",
    i: "No pictures are kept for this finding.",
    t: "No passage is kept for this finding.",
  };
  return make("p", { class: "note" }, `${words[index.media[number]]} clearance explain shows what is stored.`);
}

function strengthPart(index, number, card) {
  const digits = index.digits[number];
  const word = STRENGTHS[index.strength[number]];
  const certain = digits >= 9999;
  const meaning = certain
    ? "The files are the same, byte for byte: chance makes no such finding."
    : `${card.chance} findings like this one are expected by chance in this whole scan.`;
  const facts = make("ul", { class: "facts" }, ...card.facts.map((fact) => make("li", null, fact)));
  if (card.read) {
    return make("section", null,
      make("h4", null, "What is declared"), make("p", { class: "strength" }, foreign(card.read)), facts);
  }
  const score = index.score[number];
  return make("section", null,
    make("h4", null, "How strong"),
    make("p", { class: "strength" }, make("b", null, `${word[0].toUpperCase()}${word.slice(1)} evidence`), " ", meaning),
    make("p", { class: "meter" },
      make("meter", { min: 0, max: 1, low: 0.5, high: 0.75, optimum: 1, value: score, "aria-label": `Score ${score} of 1` }),
      ` score ${score.toFixed(3)} of 1: at 0.5 chance makes one in 10¹⁰ items, at 0.75 one in 10³⁰`),
    facts);
}

function rightsPart(index, number, card, record) {
  const said = make("p", { class: "decision" }, badge(VERDICTS[index.verdict[number]]), " ", foreign(card.reason));
  const parts = [make("h4", null, "What the rights records say"), said];
  if (record) {
    parts.push(drawing(record.rights, {}));
    const rows = record.records.map(([kind, id, words]) => {
      const decided = id === card.reservation || id === card.license;
      return make("li", null, `${kind} `, make("code", null, foreign(id)), " ", foreign(words),
        decided ? make("b", null, " – decided") : null);
    });
    if (rows.length) parts.push(make("ul", { class: "records" }, ...rows));
    if (record.catalog) parts.push(make("p", { class: "note" }, "Registered from ", foreign(record.catalog), "."));
  } else {
    for (const [kind, id] of [["Reservation", card.reservation], ["License", card.license]]) {
      if (id) parts.push(make("p", { class: "note" }, `${kind} `, make("code", null, foreign(id))));
    }
  }
  return make("section", null, ...parts.filter(Boolean));
}

/** The figures of a finding. */
function figures(card, shown) {
  const jpegs = shown ? { item: shown.item_jpeg, work: shown.work_jpeg } : {};
  const drawn = shown ? [shown.item, shown.work, shown.sound, shown.plot] : [];
  const all = [card.spans, ...drawn].map((each) => drawing(each, jpegs)).filter(Boolean);
  if (shown && shown.passages) all.push(passages(shown.passages));
  return make("div", { class: "figures" }, ...all);
}

/** Plays the item of a finding from where the work starts, where the page has the recording. */
async function player(index, number, card) {
  const found = index.players.find(([of]) => of === number);
  if (!found) return null;
  const { type, base64 } = await block(`data-recording-${found[1]}`);
  const text = atob(base64);
  const bytes = Uint8Array.from(text, (letter) => letter.charCodeAt(0));
  const audio = make("audio", { controls: "", preload: "metadata", "aria-label": "The item" });
  audio.src = URL.createObjectURL(new Blob([bytes], { type }));
  audio.addEventListener("loadedmetadata", () => { audio.currentTime = card.start || 0; }, { once: true });
  return make("figure", { class: "drawing wide" }, audio,
    make("figcaption", null, "The item as it is in the dataset, from where the work starts."));
}

/** The article of a finding, without anything to click. */
async function article(index, number, level) {
  const { card, shown, record } = await evidence(index, number);
  const [id, title, by, holder] = index.works[index.work[number]];
  const holderName = index.holders[holder];
  return [
    make(level, { class: "title", tabindex: -1 }, title ? foreign(title) : make("i", null, "Title not stated")),
    make("p", { class: "by" }, foreign([by, holderName].filter(Boolean).join(" · ")), " ", make("code", null, foreign(id)),
      ...(record ? record.identifiers.map((one) => make("code", null, foreign(one))) : [])),
    make("p", { class: "where" }, ...place(index, number)),
    make("p", { class: "kind" }, make("b", null, index.kinds[index.kind[number]]), ` · ${MEDIA[index.media[number]]} · `,
      make("code", null, foreign(index.id[number]))),
    figures(card, shown),
    await player(index, number, card),
    missing(index, number, card, shown),
    strengthPart(index, number, card),
    rightsPart(index, number, card, record),
  ].filter(Boolean);
}
