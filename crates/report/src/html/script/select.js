// Which findings are in the list, and in which order. Nothing here touches the page.

const MEDIA = { a: "audio", i: "image", t: "text" };
const VERDICTS = { d: "reserved", w: "review", l: "licensed", u: "unreserved" };
const STRENGTHS = { v: "very strong", s: "strong", m: "moderate", w: "weak" };

function folded(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}

/** For each word that is searched for, the works and files that have it. */
function searched(index, words) {
  const works = index.works.map(([id, title, by, holder]) =>
    folded(`${id} ${title} ${by} ${index.holders[holder]}`));
  const files = index.files.map(folded);
  return words.map((word) => ({
    word,
    works: works.map((text) => text.includes(word)),
    files: files.map((text) => text.includes(word)),
  }));
}

/** Numbers of the findings that fit every filter and have every word. */
function select(index, filter, decisionOf) {
  const words = folded(filter.search || "").split(/\s+/).filter(Boolean);
  const terms = searched(index, words);
  const fits = (number) => {
    if (filter.medium && index.media[number] !== filter.medium) return false;
    if (filter.verdict && index.verdict[number] !== filter.verdict) return false;
    if (filter.kind !== "" && index.kind[number] !== Number(filter.kind)) return false;
    if (filter.strength && index.strength[number] !== filter.strength) return false;
    const work = index.work[number];
    if (filter.holder !== "" && index.works[work][3] !== Number(filter.holder)) return false;
    if (filter.review && decisionOf(number) !== filter.review) return false;
    const id = index.id[number].toLowerCase();
    return terms.every(({ word, works, files }) =>
      works[work] || files[index.file[number]] || String(index.row[number]) === word ||
      id.startsWith(word) || id.startsWith(`f-${word}`));
  };
  const numbers = [];
  for (let number = 0; number < index.id.length; number++) if (fits(number)) numbers.push(number);
  return numbers;
}

/** Sorts numbers in place. Equal ones stay in the order of the dataset. */
function order(index, numbers, by) {
  const rank = (of) => {
    const places = index.works.map((_, place) => place);
    places.sort((a, b) => of(a).localeCompare(of(b)) || a - b);
    const ranks = new Array(places.length);
    places.forEach((work, place) => { ranks[work] = place; });
    return ranks;
  };
  const title = (work) => index.works[work][1] || index.works[work][0];
  const orders = {
    strongest: (a, b) => index.digits[b] - index.digits[a] || a - b,
    weakest: (a, b) => index.digits[a] - index.digits[b] || a - b,
    dataset: (a, b) => a - b,
  };
  if (by === "work" || by === "holder") {
    const holder = (work) => index.holders[index.works[work][3]] || "\uffff";
    const ranks = rank(by === "work" ? title : (work) => `${holder(work)}\u0000${title(work)}`);
    numbers.sort((a, b) => ranks[index.work[a]] - ranks[index.work[b]] || a - b);
  } else {
    numbers.sort(orders[by] || orders.strongest);
  }
  return numbers;
}
