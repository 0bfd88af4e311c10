// Decisions of the person who reads the page, kept in the browser until they are saved to a file.

const WORDS = { confirmed: "Confirmed", rejected: "Rejected", unsure: "Unsure" };
const MOST_COMMENT = 4000;

class Review {
  constructor(index) {
    this.index = index;
    this.key = `clearance-review-${index.scan}`;
    this.own = new Map();
    this.reviewer = "";
    this.unsaved = 0;
    this.merged = new Map();
    for (const [number, decision] of index.decisions) {
      if (!this.merged.has(number)) this.merged.set(number, []);
      this.merged.get(number).push(decision);
    }
    this.recall();
  }

  /** What this browser remembers; a page opened from a file may not be allowed to. */
  recall() {
    try {
      this.read(JSON.parse(localStorage.getItem(this.key) || "null"));
    } catch {
      // Nothing was kept, or nothing may be.
    }
  }

  keep() {
    try {
      localStorage.setItem(this.key, JSON.stringify(this.file()));
    } catch {
      // The file that is saved is what counts.
    }
  }

  /** Takes over a file of decisions; returns how many belong to findings of this page. */
  read(file) {
    if (!file || file.format !== "clearance-decisions" || !Array.isArray(file.decisions)) return 0;
    const numbers = new Map(this.index.id.map((id, number) => [id, number]));
    this.reviewer = String(file.reviewer || this.reviewer);
    let known = 0;
    for (const { finding_id, decision, comment, date } of file.decisions) {
      const number = numbers.get(finding_id);
      if (number === undefined || !(decision in WORDS)) continue;
      known++;
      this.own.set(number, { decision, comment: String(comment || "").slice(0, MOST_COMMENT), date: String(date) });
    }
    return known;
  }

  file() {
    const decisions = [...this.own].sort(([a], [b]) => a - b).map(([number, own]) => ({
      finding_id: this.index.id[number], decision: own.decision, comment: own.comment || null, date: own.date,
    }));
    return { format: "clearance-decisions", version: 1, scan: this.index.scan, reviewer: this.reviewer, decisions };
  }

  decide(number, decision, comment) {
    if (decision) this.own.set(number, { decision, comment, date: today() });
    else this.own.delete(number);
    this.unsaved++;
    this.keep();
  }

  /** confirmed, rejected, unsure, contested or none: by this reader and by files merged before. */
  of(number) {
    const all = (this.merged.get(number) || []).map(({ decision }) => decision);
    if (this.own.has(number)) all.push(this.own.get(number).decision);
    const decided = new Set(all.filter((decision) => decision !== "unsure"));
    if (decided.size > 1) return "contested";
    return [...decided][0] || (all.length ? "unsure" : "none");
  }
}

function today() {
  const now = new Date();
  const two = (number) => String(number).padStart(2, "0");
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}

/** Hands a file to the browser's downloads. */
function download(name, text) {
  const address = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  const link = make("a", { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10000);
}
